import { dctSize } from './dct32.ts';
import { kernelBytes } from './kernel-bytes.ts';
import { lanczosFilter } from './pillow-filter.ts';
import { resamplePlan } from './resample-plan.ts';
import type { ResamplePlan } from './resample-plan.ts';
import { chromaPlaneBytes, frameBytes, greyReference, yuvFactors } from './yuv-grey.ts';
import type { PixelLayout } from './yuv-grey.ts';

/** Size of the thumbnail that dHash compares: one column more than bits. */
export const gradientColumns = 9;
export const gradientRows = 8;

/** The kernel works four rows at once, so counts of rows are rounded up to this. */
const rowGroup = 4;
/** How far behind an area the kernel may read or write: its widest step. */
const overhang = 16;
const pageBytes = 65_536;

/** See `assembly/`. */
interface KernelExports {
  // prettier-ignore
  resample(
    source: number, inputs: number, rows: number, plan: number,
    shift: number, outputs: number, target: number, targetStride: number,
  ): void;
  isNeutral(source: number, bytes: number): number;
  greyFromLuma(source: number, target: number, bytes: number, black8: number, gain: number): void;
  // prettier-ignore
  greyFromChroma(
    y: number, u: number, v: number, target: number, width: number, height: number, shiftY: number,
    black8: number, gain: number, redV: number, greenU: number, greenV: number, blueU: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Shrinks frames of one size and layout to the two thumbnails that the hashes look at, in WebAssembly,
 * with the same integers as `greyReference` and `resizeReference`. Its memory goes when it is collected.
 */
export class Thumbnails {
  /** [32, 32] row-major, what pHash transforms; overwritten by the next `make`. */
  readonly square: Uint8Array;
  /** [8, 12] row-major, of which the first 9 columns count for dHash; overwritten by the next `make`. */
  readonly gradient: Uint8Array;
  /** Bytes from one row of `gradient` to the next. */
  readonly gradientStride = roundUp(gradientColumns, rowGroup);

  readonly #shrink: (grey: number) => void;
  readonly #toGrey: (bytes: Uint8Array) => number;

  constructor(width: number, height: number, layout: PixelLayout) {
    const space = new Space();
    const stride = roundUp(height, rowGroup);
    const input = space.take(Math.max(frameBytes(width, height, layout), width * stride));
    const grey = space.take(width * stride);
    const columns = space.take(dctSize * stride);
    const square = space.take(dctSize * dctSize);
    const gradient = space.take(gradientRows * this.gradientStride);
    const plans: PlacedPlan[] = [];
    const placed = (inputs: number, outputs: number): PlacedPlan => {
      const plan = resamplePlan(lanczosFilter(inputs, outputs));
      plans.push({ ...plan, at: space.take(plan.bytes.length) });
      return plans.at(-1)!;
    };
    const squareAcross = placed(width, dctSize);
    const squareDown = placed(height, dctSize);
    const gradientAcross = placed(width, gradientColumns);
    const gradientDown = placed(height, gradientRows);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(space.used / pageBytes) });
    for (const { bytes, at } of plans) new Uint8Array(memory.buffer).set(bytes, at);

    compiled ??= new WebAssembly.Module(Buffer.from(kernelBytes, 'base64'));
    const kernel = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as KernelExports;
    this.square = new Uint8Array(memory.buffer, square, dctSize * dctSize);
    this.gradient = new Uint8Array(memory.buffer, gradient, gradientRows * this.gradientStride);
    this.#toGrey = greyMaker(kernel, memory, { input, grey }, { width, height, layout });
    const resample = (
      source: number,
      inputs: number,
      rows: number,
      plan: PlacedPlan,
      target: number,
      targetStride: number,
    ): void => kernel.resample(source, inputs, rows, plan.at, plan.shift, plan.outputs, target, targetStride);
    this.#shrink = (source) => {
      resample(source, width, stride, squareAcross, columns, stride);
      resample(columns, stride, dctSize, squareDown, square, dctSize);
      resample(source, width, stride, gradientAcross, columns, stride);
      resample(columns, stride, this.gradientStride, gradientDown, gradient, this.gradientStride);
    };
  }

  /** @param bytes one frame in the layout; copied, not kept */
  make(bytes: Uint8Array): void {
    this.#shrink(this.#toGrey(bytes));
  }
}

/** A function that takes a frame in and says at which address its grey picture lies. */
function greyMaker(
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  { input, grey }: { input: number; grey: number },
  { width, height, layout }: { width: number; height: number; layout: PixelLayout },
): (bytes: Uint8Array) => number {
  const pixels = width * height;
  const inputBytes = new Uint8Array(memory.buffer, input, frameBytes(width, height, layout));
  if (layout.kind === 'rgb' || (layout.kind === 'yuv' && layout.format.shiftX !== 1)) {
    // Stills and rare formats: not worth a kernel.
    const greyBytes = new Uint8Array(memory.buffer, grey, pixels);
    return (bytes) => {
      greyBytes.set(greyReference(bytes, width, height, layout));
      return grey;
    };
  }
  const fullRange = layout.kind === 'luma' ? layout.fullRange : layout.format.fullRange;
  const { black8, gain, redV, greenU, greenV, blueU } = yuvFactors(fullRange);
  const fromLuma = (): number => {
    if (fullRange) return input;
    kernel.greyFromLuma(input, grey, pixels, black8, gain);
    return grey;
  };
  if (layout.kind === 'luma') {
    return (bytes) => {
      inputBytes.set(bytes);
      return fromLuma();
    };
  }
  const { shiftY } = layout.format;
  const plane = chromaPlaneBytes(width, height, layout.format);
  const u = input + pixels;
  const v = u + plane;
  return (bytes) => {
    inputBytes.set(bytes);
    // Night frames are grey, and then the conversion is four times as quick.
    if (kernel.isNeutral(u, plane * 2) !== 0) return fromLuma();
    kernel.greyFromChroma(input, u, v, grey, width, height, shiftY, black8, gain, redV, greenU, greenV, blueU);
    return grey;
  };
}

interface PlacedPlan extends ResamplePlan {
  /** Address. */
  readonly at: number;
}

/** Lays areas of memory side by side, each aligned and with room for the kernel's overhang. */
class Space {
  used = 0;

  take(bytes: number): number {
    const at = this.used;
    this.used += roundUp(bytes + overhang, 16);
    return at;
  }
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
