import { UsageError } from '@primatrix/contracts';
import { lumaFromRgb, widenLuma } from './luma-range.ts';
import { yuvToRgb, yuvToRgbAt, type YuvFormat } from './yuv-to-rgb.ts';

/** One picture at its native size. Its bytes stay valid and unchanged as long as it is held. */
export interface Frame {
  /** Position among the frames that were decoded, from 0. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** Full-range grey, 0..255: [height * width]. Computed once. */
  luma(): Uint8Array;
  /**
   * Colours, rows from the top, R, G, B: [height * width * 3].
   * @throws UsageError where the layout is `luma`
   */
  rgb(): Uint8Array;
  /**
   * Colours of the pixels where columns and rows cross, numbers from 0: [rows * columns * 3]. Of frames alone whose colours
   * are made first: others have all of them in `rgb()` already.
   */
  rgbAt?(columns: ArrayLike<number>, rows: ArrayLike<number>): Uint8Array;
  /** The bytes as ffmpeg decoded them, nothing converted. Frames that no decoder made have none. */
  planes?(): FramePlanes;
}

/** One frame's bytes and what they are. They may be widened in place once `luma()` is called. */
type FramePlanes = { readonly bytes: Uint8Array; readonly layout: RawLayout };

/** What one frame's bytes are, as they come out of ffmpeg. */
export type RawLayout =
  | { readonly kind: 'luma'; readonly fullRange: boolean }
  | { readonly kind: 'yuv'; readonly format: YuvFormat }
  | { readonly kind: 'rgb' };

type Size = { readonly index: number; readonly width: number; readonly height: number };

/** Wraps the bytes of one frame, which then belong to it. */
export function makeFrame(bytes: Uint8Array, size: Size, layout: RawLayout): Frame {
  if (layout.kind === 'rgb') return new RgbFrame(bytes, size);
  return layout.kind === 'luma'
    ? new LumaFrame(bytes, size, layout.fullRange)
    : new YuvFrame(bytes, size, layout.format);
}

class SizedFrame {
  readonly index: number;
  readonly width: number;
  readonly height: number;

  constructor({ index, width, height }: Size) {
    this.index = index;
    this.width = width;
    this.height = height;
  }
}

class LumaFrame extends SizedFrame implements Frame {
  readonly #bytes: Uint8Array;
  #wide: boolean;

  constructor(bytes: Uint8Array, size: Size, fullRange: boolean) {
    super(size);
    this.#bytes = bytes;
    this.#wide = fullRange;
  }

  luma(): Uint8Array {
    if (!this.#wide) widenLuma(this.#bytes, this.#bytes);
    this.#wide = true;
    return this.#bytes;
  }

  planes(): FramePlanes {
    return { bytes: this.#bytes, layout: { kind: 'luma', fullRange: this.#wide } };
  }

  rgb(): Uint8Array {
    throw new UsageError(
      'VIDEO_LAYOUT',
      `video: frame ${this.index} must be opened with layout 'yuv' for its colours, got 'luma'`,
    );
  }
}

class YuvFrame extends SizedFrame implements Frame {
  readonly #bytes: Uint8Array;
  readonly #format: YuvFormat;
  #luma: Uint8Array | undefined;

  constructor(bytes: Uint8Array, size: Size, format: YuvFormat) {
    super(size);
    this.#bytes = bytes;
    this.#format = format;
  }

  luma(): Uint8Array {
    if (this.#luma === undefined) {
      const plane = this.#bytes.subarray(0, this.width * this.height);
      this.#luma = this.#format.fullRange ? plane : new Uint8Array(plane.length);
      if (!this.#format.fullRange) widenLuma(plane, this.#luma);
    }
    return this.#luma;
  }

  planes(): FramePlanes {
    return { bytes: this.#bytes, layout: { kind: 'yuv', format: this.#format } };
  }

  rgb(): Uint8Array {
    return yuvToRgb(this.#bytes, this.width, this.height, this.#format);
  }

  rgbAt(columns: ArrayLike<number>, rows: ArrayLike<number>): Uint8Array {
    return yuvToRgbAt(this.#bytes, { width: this.width, height: this.height, format: this.#format }, columns, rows);
  }
}

class RgbFrame extends SizedFrame implements Frame {
  readonly #bytes: Uint8Array;
  #luma: Uint8Array | undefined;

  constructor(bytes: Uint8Array, size: Size) {
    super(size);
    this.#bytes = bytes;
  }

  luma(): Uint8Array {
    return (this.#luma ??= lumaFromRgb(this.#bytes));
  }

  planes(): FramePlanes {
    return { bytes: this.#bytes, layout: { kind: 'rgb' } };
  }

  rgb(): Uint8Array {
    return this.#bytes;
  }
}
