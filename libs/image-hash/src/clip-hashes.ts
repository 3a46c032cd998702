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
      for (const hash of [phash, dhash]) words.push(Number(BigInt.asUintN(32, hash >> 32n)), Number(BigInt.asUintN(32, hash)));
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
 * @returns uint8 [frames, 128], 0 or 1: pHash from its most significant bit, then dHash
 */
export function hashBits(hashes: ClipHashes): Tensor<'uint8'> {
  const data = new Uint8Array(hashes.frames * bitsPerFrame);
  for (let i = 0; i < data.length; i++) data[i] = (hashes.words[i >> 5]! >>> (31 - (i & 31))) & 1;
  return { dtype: 'uint8', shape: [hashes.frames, bitsPerFrame], data };
}
