import { dctSize } from './dct32.ts';
import { lanczosFilter } from './lanczos-filter.ts';
import type { LanczosFilter } from './lanczos-filter.ts';
import { resampleKernel } from './resample-kernel.ts';

/** Size of the thumbnail that dHash compares: one column more than bits. */
export const gradientColumns = 9;
export const gradientRows = 8;

/** The kernel works four rows at once, so counts of rows are rounded up to this. */
const rowGroup = 4;
/** Taps that one kernel step takes; the last step of a row may read this many bytes too far. */
const blockTaps = 8;
const blockBytes = 32;
const headerBytes = 16;
const pageBytes = 65_536;

interface KernelExports {
  resample(source: number, stride: number, rows: number, plan: number, outputs: number, target: number, targetStride: number): void;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Shrinks frames of one size to the two thumbnails that the hashes look at, in WebAssembly, with the
 * same integers as `resizeReference`. Holds its memory until it is collected.
 */
export class Thumbnails {
  /** [32, 32] row-major, what pHash transforms; overwritten by the next `make`. */
  readonly square: Uint8Array;
  /** [8, 12] row-major, of which the first 9 columns count for dHash; overwritten by the next `make`. */
  readonly gradient: Uint8Array;
  /** Bytes from one row of `gradient` to the next. */
  readonly gradientStride = roundUp(gradientColumns, rowGroup);

  readonly #make: () => void;
  readonly #frame: Uint8Array;

  constructor(width: number, height: number) {
    const squareColumns = encodePlan(lanczosFilter(width, dctSize));
    const squareRows = encodePlan(lanczosFilter(height, dctSize));
    const gradientColumnsPlan = encodePlan(lanczosFilter(width, gradientColumns));
    const gradientRowsPlan = encodePlan(lanczosFilter(height, gradientRows));

    const space = new Space();
    const stride = roundUp(height, rowGroup);
    const frame = space.take(width * stride);
    const columns = space.take(dctSize * stride);
    const square = space.take(dctSize * dctSize);
    const gradient = space.take(gradientRows * this.gradientStride);
    const plans = [squareColumns, squareRows, gradientColumnsPlan, gradientRowsPlan].map((bytes) => ({
      at: space.take(bytes.length),
      bytes,
    }));
    const memory = new WebAssembly.Memory({ initial: Math.ceil(space.used / pageBytes) });
    for (const plan of plans) new Uint8Array(memory.buffer).set(plan.bytes, plan.at);
    const [squareAcross, squareDown, gradientAcross, gradientDown] = plans.map(({ at }) => at) as [number, number, number, number];

    compiled ??= new WebAssembly.Module(Buffer.from(resampleKernel, 'base64'));
    const { resample } = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as KernelExports;
    this.#frame = new Uint8Array(memory.buffer, frame, width * height);
    this.square = new Uint8Array(memory.buffer, square, dctSize * dctSize);
    this.gradient = new Uint8Array(memory.buffer, gradient, gradientRows * this.gradientStride);
    this.#make = () => {
      resample(frame, width, stride, squareAcross, dctSize, columns, stride);
      resample(columns, stride, dctSize, squareDown, dctSize, square, dctSize);
      resample(frame, width, stride, gradientAcross, gradientColumns, columns, stride);
      resample(columns, stride, this.gradientStride, gradientDown, gradientRows, gradient, this.gradientStride);
    };
  }

  /** @param luma [height, width] grey pixels, 0..255; copied, not kept */
  make(luma: Uint8Array): void {
    this.#frame.set(luma);
    this.#make();
  }
}

/** A filter in the kernel's layout: see `assembly/resample.ts`. */
function encodePlan({ outputs, starts, counts, weights, taps }: LanczosFilter): Uint8Array {
  const blocks = Array.from(counts, (count) => Math.ceil(count / blockTaps));
  const bytes = new Uint8Array(blocks.reduce((sum, count) => sum + headerBytes + count * blockBytes, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let output = 0; output < outputs; output++) {
    view.setUint32(at, starts[output]!, true);
    view.setUint32(at + 4, blocks[output]!, true);
    at += headerBytes;
    for (let tap = 0; tap < counts[output]!; tap++) {
      const place = at + Math.floor(tap / blockTaps) * blockBytes + (tap % blockTaps) * 2;
      const weight = weights[output * taps + tap]!;
      view.setInt16(place, weight >> 8, true);
      view.setInt16(place + blockBytes / 2, weight & 255, true);
    }
    at += blocks[output]! * blockBytes;
  }
  return bytes;
}

/** Lays areas of memory side by side, each aligned to 16 bytes with room to read one block too far. */
class Space {
  used = 0;

  take(bytes: number): number {
    const at = this.used;
    this.used += roundUp(bytes + blockTaps, 16);
    return at;
  }
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
