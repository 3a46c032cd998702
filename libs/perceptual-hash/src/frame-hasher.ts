import { FrameSizeError } from './errors.ts';
import { ThumbnailBits } from './thumbnail-bits.ts';
import { Thumbnails } from './thumbnails.ts';
import { frameBytes } from './yuv-grey.ts';
import type { PixelLayout } from './yuv-grey.ts';

/** 32-bit words that hold one frame's hashes: pHash high, pHash low, dHash high, dHash low. */
export const wordsPerFrame = 4;

const fullRangeGrey: PixelLayout = { kind: 'luma', fullRange: true };

/** The two 64-bit hashes of one frame; the first bit of the image is the most significant. */
export interface FrameHash {
  readonly phash: bigint;
  readonly dhash: bigint;
}

/**
 * pHash and dHash of frames of one size, bit for bit as Python's imagehash 4.3 gives them with
 * Pillow 9.4 and SciPy 1.10.
 *
 * A flat frame differs from itself nowhere, so its dHash is 0; its pHash is 0 when it is black and
 * 8000000000000000 otherwise (only the mean exceeds the median, 0).
 *
 * @example
 * const hasher = new FrameHasher({ width: 720, height: 404 });
 * toHex(hasher.hash(luma).phash); // 'd932239cc974e2cd'
 */
export class FrameHasher {
  readonly width: number;
  readonly height: number;
  readonly layout: PixelLayout;
  readonly #bytes: number;
  readonly #thumbnails: Thumbnails;
  readonly #bits = new ThumbnailBits();
  readonly #words = new Uint32Array(wordsPerFrame);

  /**
   * @param frame size of every frame in pixels, each side at least 1, and what its bytes are; default is
   * one byte of full-range grey a pixel
   * @throws FrameSizeError if a side is no positive integer
   */
  constructor(frame: { readonly width: number; readonly height: number; readonly layout?: PixelLayout }) {
    const { width, height, layout = fullRangeGrey } = frame;
    if (!isSide(width) || !isSide(height)) {
      throw new FrameSizeError(
        'width and height must be positive integers',
        `${width}x${height}`,
        'Probe the clip: it may have no picture.',
      );
    }
    this.width = width;
    this.height = height;
    this.layout = layout;
    this.#bytes = frameBytes(width, height, layout);
    this.#thumbnails = new Thumbnails(width, height, layout);
  }

  /**
   * @param bytes one frame in the layout, rows without padding
   * @throws FrameSizeError if their number does not fit the size and layout
   */
  hash(bytes: Uint8Array): FrameHash {
    this.hashInto(bytes, this.#words, 0);
    return frameHashOf(this.#words, 0);
  }

  /**
   * Writes the hashes as 4 words: the compact form that a clip's hashes are kept in.
   *
   * @param bytes one frame in the layout, rows without padding
   * @param offset index into `words` of the first of the 4
   * @throws FrameSizeError if their number does not fit the size and layout
   */
  hashInto(bytes: Uint8Array, words: Uint32Array, offset: number): void {
    if (bytes.length !== this.#bytes) {
      throw new FrameSizeError(
        `a ${this.layout.kind} frame of ${this.width}x${this.height} has ${this.#bytes} bytes`,
        `${bytes.length}`,
        'Pass whole frames, without padding at the end of rows.',
      );
    }
    this.#thumbnails.make(bytes);
    this.#bits.write(this.#thumbnails, words, offset);
  }
}

/** The hashes that 4 words hold. */
export function frameHashOf(words: Uint32Array, offset: number): FrameHash {
  return { phash: joined(words[offset]!, words[offset + 1]!), dhash: joined(words[offset + 2]!, words[offset + 3]!) };
}

function joined(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

function isSide(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
