import type { ClipHashes } from './clip-hashes.ts';
import { wordsPerFrame } from './frame-hasher.ts';
import { popcount32 } from './hamming.ts';

/** How much a clip's hashes move: Hamming distances in bits, 0..64, of consecutive frames and of all pairs. */
export interface HashSummary {
  readonly max_cons_phash: number;
  readonly max_cons_dhash: number;
  readonly avg_cons_phash: number;
  readonly avg_cons_dhash: number;
  readonly max_overall_phash: number;
  readonly max_overall_dhash: number;
  readonly avg_overall_phash: number;
  readonly avg_overall_dhash: number;
}

/** The same of block hashes: the columns that they add where they are asked for. */
export interface BlockHashSummary {
  readonly max_cons_blockhash: number;
  readonly avg_cons_blockhash: number;
  readonly max_overall_blockhash: number;
  readonly avg_overall_blockhash: number;
}

/**
 * The eight summary numbers of a clip. Fewer than two frames make no pair: all numbers are 0.
 *
 * @example
 * summariseHashes(await hashFrames(frames)).max_cons_phash; // 4
 */
export function summariseHashes(hashes: ClipHashes): HashSummary {
  const phash = distances({ words: hashes.words, stride: wordsPerFrame, firstWord: 0 });
  const dhash = distances({ words: hashes.words, stride: wordsPerFrame, firstWord: 2 });
  return {
    max_cons_phash: phash.maxConsecutive,
    max_cons_dhash: dhash.maxConsecutive,
    avg_cons_phash: phash.meanConsecutive,
    avg_cons_dhash: dhash.meanConsecutive,
    max_overall_phash: phash.maxOverall,
    max_overall_dhash: dhash.maxOverall,
    avg_overall_phash: phash.meanOverall,
    avg_overall_dhash: dhash.meanOverall,
  };
}

/**
 * The four summary numbers of a clip's block hashes, all 0 for fewer than two frames.
 * @param words [frames, 2], as `BlockHasher` gives them
 */
export function summariseBlockHashes(words: Uint32Array): BlockHashSummary {
  const { maxConsecutive, meanConsecutive, maxOverall, meanOverall } = distances({ words, stride: 2, firstWord: 0 });
  return {
    max_cons_blockhash: maxConsecutive,
    avg_cons_blockhash: meanConsecutive,
    max_overall_blockhash: maxOverall,
    avg_overall_blockhash: meanOverall,
  };
}

/** One 64-bit hash a frame: two words from `firstWord` of every `stride`. */
interface HashColumn {
  readonly words: Uint32Array;
  readonly stride: number;
  readonly firstWord: number;
}

interface Distances {
  readonly maxConsecutive: number;
  readonly meanConsecutive: number;
  readonly maxOverall: number;
  readonly meanOverall: number;
}

function distances(column: HashColumn): Distances {
  const { words, stride, firstWord } = column;
  const frames = words.length / stride;
  if (frames < 2) return { maxConsecutive: 0, meanConsecutive: 0, maxOverall: 0, meanOverall: 0 };
  let maxConsecutive = 0;
  let sumConsecutive = 0;
  for (let frame = 1; frame < frames; frame++) {
    const at = frame * stride + firstWord;
    const distance =
      popcount32(words[at]! ^ words[at - stride]!) + popcount32(words[at + 1]! ^ words[at + 1 - stride]!);
    sumConsecutive += distance;
    if (distance > maxConsecutive) maxConsecutive = distance;
  }
  return {
    maxConsecutive,
    meanConsecutive: sumConsecutive / (frames - 1),
    maxOverall: widestPair(column),
    meanOverall: sumOverPairs(column) / ((frames * (frames - 1)) / 2),
  };
}

/** Sum of the distances of all pairs in one pass: a bit set in `k` of `n` frames differs in k(n-k) pairs. */
function sumOverPairs({ words, stride, firstWord }: HashColumn): number {
  const frames = words.length / stride;
  let sum = 0;
  for (let bit = 0; bit < 64; bit++) {
    const word = firstWord + (bit >> 5);
    let set = 0;
    for (let frame = 0; frame < frames; frame++) set += (words[frame * stride + word]! >>> (bit & 31)) & 1;
    sum += set * (frames - set);
  }
  return sum;
}

/** The greatest distance of any pair. Neighbouring frames often agree, so only distinct hashes are compared. */
function widestPair({ words, stride, firstWord }: HashColumn): number {
  const seen = new Set<bigint>();
  const highs: number[] = [];
  const lows: number[] = [];
  for (let at = firstWord; at < words.length; at += stride) {
    const high = words[at]!;
    const low = words[at + 1]!;
    const key = (BigInt(high) << 32n) | BigInt(low);
    if (seen.has(key)) continue;
    seen.add(key);
    highs.push(high);
    lows.push(low);
  }
  let widest = 0;
  for (let a = 1; a < highs.length; a++) {
    const high = highs[a]!;
    const low = lows[a]!;
    for (let b = 0; b < a; b++) {
      const distance = popcount32(high ^ highs[b]!) + popcount32(low ^ lows[b]!);
      if (distance > widest) widest = distance;
    }
  }
  return widest;
}
