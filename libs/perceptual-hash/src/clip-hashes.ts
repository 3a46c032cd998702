import type { Tensor } from '@primatrix/contracts';
import { BadHashError } from './errors.ts';
import { frameHashOf, wordsPerFrame } from './frame-hasher.ts';
import type { FrameHash } from './frame-hasher.ts';
import { toHex } from './hex.ts';

/** Bits that one frame gives: 64 of pHash, then 64 of dHash. */
const bitsPerFrame = wordsPerFrame * 32;

/** The hashes of a clip's frames in order, 16 bytes a frame. */
export class ClipHashes {
  /** [frames, 4]: pHash high, pHash low, dHash high, dHash low. */
  readonly words: Uint32Array;

  /** @throws BadHashError if the number of words is no multiple of 4 */
  constructor(words: Uint32Array) {
    if (words.length % wordsPerFrame !== 0) {
      throw new BadHashError('a clip has 4 words of hashes a frame', `${words.length} words`, 'Pass whole frames.');
    }
    this.words = words;
  }

  /** The compact form of a list of hashes. */
  static from(hashes: Iterable<FrameHash>): ClipHashes {
    const words: number[] = [];
    for (const { phash, dhash } of hashes) {
      for (const hash of [phash, dhash]) {
        words.push(Number(BigInt.asUintN(32, hash >> 32n)), Number(BigInt.asUintN(32, hash)));
      }
    }
    return new ClipHashes(Uint32Array.from(words));
  }

  get frames(): number {
    return this.words.length / wordsPerFrame;
  }

  /** @throws BadHashError if the clip has no such frame */
  at(frame: number): FrameHash {
    if (!Number.isInteger(frame) || frame < 0 || frame >= this.frames) {
      throw new BadHashError(`the clip has frames 0 to ${this.frames - 1}`, `${frame}`, 'Count frames from 0.');
    }
    return frameHashOf(this.words, frame * wordsPerFrame);
  }

  /** Every frame's hashes as imagehash prints them. */
  toHex(): { phash: string; dhash: string }[] {
    return Array.from({ length: this.frames }, (_, frame) => {
      const { phash, dhash } = this.at(frame);
      return { phash: toHex(phash), dhash: toHex(dhash) };
    });
  }
}

/**
 * Every hash as a row of bits, the nets' input.
 *
 * @param blockHashes [frames, 2] words of `BlockHasher`, to be added
 * @returns uint8 [frames, 128], or [frames, 192] with block hashes, 0 or 1: pHash from its most significant bit, then dHash, then block hash
 */
export function hashBits(hashes: ClipHashes, blockHashes?: Uint32Array): Tensor<'uint8'> {
  const width = bitsPerFrame + (blockHashes === undefined ? 0 : 64);
  const data = new Uint8Array(hashes.frames * width);
  const bit = (words: Uint32Array, i: number): number => (words[i >> 5]! >>> (31 - (i & 31))) & 1;
  for (let frame = 0, at = 0; frame < hashes.frames; frame++) {
    for (let i = 0; i < bitsPerFrame; i++) data[at++] = bit(hashes.words, frame * bitsPerFrame + i);
    for (let i = bitsPerFrame; i < width; i++) data[at++] = bit(blockHashes!, frame * 64 + i - bitsPerFrame);
  }
  return { dtype: 'uint8', shape: [hashes.frames, width], data };
}
