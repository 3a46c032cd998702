import type { ClipOutcome } from '@primatrix/contracts';
import { openFrames } from '@primatrix/video';
import type { OpenFramesOptions } from '@primatrix/video';
import { ClipHashes } from './clip-hashes.ts';
import { FrameHasher, wordsPerFrame } from './frame-hasher.ts';
import { hashBeside } from './hash-thread.ts';
import type { PixelLayout } from './yuv-grey.ts';

/** What hashing needs of a decoded frame; `Frame` of @primatrix/video is one. */
export interface HashableFrame {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** [height, width] grey pixels over the full range 0..255; asked for only where there are no planes. */
  luma(): Uint8Array;
  /** The frame as it was decoded; preferred, because grey is then made of the colours too, as OpenCV does. */
  planes?(): { readonly bytes: Uint8Array; readonly layout: PixelLayout };
}

/** A clip's hashes, and how its decoding ended. */
export interface HashedClip {
  readonly hashes: ClipHashes;
  readonly outcome: ClipOutcome;
}

/**
 * Decodes a clip or still and hashes every frame: the quickest way from a file to its hashes, and the
 * same bits as OpenCV's frames give in Python. Damage does not throw, `outcome` tells.
 *
 * @throws ClipError if the file holds no pictures, as `openFrames` does
 *
 * @example
 * const { hashes } = await hashClip('trap/0001.mp4');
 * hashes.toHex()[0]; // { phash: 'd932239cc974e2cd', dhash: '2868e0f0f0f0f0f0' }
 */
export async function hashClip(
  path: string,
  options: Omit<OpenFramesOptions, 'layout' | 'reuseBuffers'> = {},
): Promise<HashedClip> {
  const stream = await openFrames(path, { ...options, reuseBuffers: true });
  const hashes = await hashFrames(stream);
  return { hashes, outcome: await stream.outcome };
}

/**
 * Hashes frames as they come, holding one at a time. They may differ in size.
 *
 * @throws FrameSizeError if a frame's bytes do not fit its size
 */
export async function hashFrames(frames: AsyncIterable<HashableFrame> | Iterable<HashableFrame>): Promise<ClipHashes> {
  const hasher = new ClipHasher();
  for await (const frame of frames) await hasher.add(frame);
  return hasher.hashes();
}

/** Hashes frames that may differ in size or layout, one at a time. */
export class FrameSequenceHasher {
  #hasher: FrameHasher | undefined;

  /**
   * Writes the frame's hashes as 4 words: pHash high, pHash low, dHash high, dHash low.
   *
   * @param offset index into `words` of the first of the 4
   * @throws FrameSizeError if the frame's bytes do not fit its size
   */
  hashInto(frame: HashableFrame, words: Uint32Array, offset: number): void {
    const { width, height } = frame;
    const { bytes, layout } = bytesOf(frame);
    // Made anew only when size or layout change.
    const known = this.#hasher;
    const fits =
      known !== undefined && known.width === width && known.height === height && sameLayout(known.layout, layout);
    const hasher = fits ? known : (this.#hasher = new FrameHasher({ width, height, layout }));
    hasher.hashInto(bytes, words, offset);
  }
}

/** Hashes a clip's frames as they are handed to it, for callers that share the frames with others. */
export class ClipHasher {
  readonly #hasher = new FrameSequenceHasher();
  #words = new Uint32Array(256 * wordsPerFrame);
  #used = 0;

  /**
   * A large frame whose bytes lie in shared memory is hashed on another thread.
   *
   * @returns a promise where the frame is still looked at: its bytes must not change before that settles
   * @throws FrameSizeError if the frame's bytes do not fit its size
   */
  add(frame: HashableFrame): Promise<void> | void {
    if (this.#used === this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    const place = this.#used;
    const { width, height } = frame;
    const beside = hashBeside({ width, height, ...bytesOf(frame) });
    if (beside === null) this.#hasher.hashInto(frame, this.#words, place);
    this.#used += wordsPerFrame;
    if (beside !== null) return this.#keep(beside, frame, place);
  }

  async #keep(beside: Promise<Uint32Array | null>, frame: HashableFrame, place: number): Promise<void> {
    const words = await beside;
    if (words === null) this.#hasher.hashInto(frame, this.#words, place);
    else this.#words.set(words, place);
  }

  /** The hashes of the frames so far. */
  hashes(): ClipHashes {
    return new ClipHashes(this.#words.slice(0, this.#used));
  }
}

function bytesOf(frame: HashableFrame): { readonly bytes: Uint8Array; readonly layout: PixelLayout } {
  return frame.planes?.() ?? { bytes: frame.luma(), layout: fullRangeGrey };
}

const fullRangeGrey: PixelLayout = { kind: 'luma', fullRange: true };

function sameLayout(a: PixelLayout, b: PixelLayout): boolean {
  if (a === b) return true;
  if (a.kind === 'luma' && b.kind === 'luma') return a.fullRange === b.fullRange;
  if (a.kind === 'yuv' && b.kind === 'yuv') {
    const [one, other] = [a.format, b.format];
    return one.shiftX === other.shiftX && one.shiftY === other.shiftY && one.fullRange === other.fullRange;
  }
  return a.kind === b.kind;
}
