/** How pictures are brought to a backbone's size; names as OpenCV's `INTER_*`. */
export const resizeMethods = ['bilinear', 'area'] as const;
/** One of {@link resizeMethods}. */
export type ResizeMethod = (typeof resizeMethods)[number];

/** An interleaved 8-bit RGB picture: `data` is [height, width, 3]. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Stretches a picture to a size (the aspect is not kept), as `cv2.resize` does for 8-bit pictures.
 * - `bilinear`: OpenCV's `INTER_LINEAR`: half-pixel centres, no smoothing when shrinking, 11-bit weights; an
 *   exact halving is the mean of 2x2 pixels, as there.
 * - `area`: OpenCV's `INTER_AREA` for shrinking: each pixel is the mean of what it covers. Enlarging is bilinear.
 * @param out [height, width, 3], written to
 */
export function resizePicture(
  source: Picture,
  out: Uint8Array,
  height: number,
  width: number,
  method: ResizeMethod,
): void {
  if (source.width === width && source.height === height) out.set(source.data);
  else if (source.width === 2 * width && source.height === 2 * height) resizeArea(source, out, height, width);
  else if (method === 'area' && source.width >= width && source.height >= height) {
    resizeArea(source, out, height, width);
  } else resizeBilinear(source, out, height, width);
}

/** Weights of OpenCV's fixed-point interpolation add to 2^11. */
const one = 2048;

interface Taps {
  /** First of the two neighbours, and the second (the same at the edge). */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Weight of the second, 0 to 2048. */
  readonly weight: Int32Array;
}

function taps(from: number, to: number): Taps {
  const result = { low: new Int32Array(to), high: new Int32Array(to), weight: new Int32Array(to) };
  const scale = from / to;
  for (let i = 0; i < to; i++) {
    const position = Math.fround((i + 0.5) * scale - 0.5);
    const low = Math.floor(position);
    result.low[i] = Math.max(0, Math.min(from - 1, low));
    result.high[i] = Math.max(0, Math.min(from - 1, low + 1));
    result.weight[i] = low < 0 || low >= from - 1 ? 0 : Math.round(Math.fround(position - low) * one);
  }
  return result;
}

function resizeBilinear(source: Picture, out: Uint8Array, height: number, width: number): void {
  const { data } = source;
  const xs = taps(source.width, width);
  const ys = taps(source.height, height);
  const row = source.width * 3;
  // Rows of weighted sums, kept because neighbouring output rows share them.
  let rows = [new Int32Array(width * 3), new Int32Array(width * 3)] as [Int32Array, Int32Array];
  let held: [number, number] = [-1, -1];
  const horizontal = (y: number, into: Int32Array) => {
    for (let x = 0, o = 0; x < width; x++) {
      const a = y * row + (xs.low[x] as number) * 3;
      const b = y * row + (xs.high[x] as number) * 3;
      const w = xs.weight[x] as number;
      for (let c = 0; c < 3; c++, o++) into[o] = (data[a + c] as number) * (one - w) + (data[b + c] as number) * w;
    }
  };
  for (let y = 0, o = 0; y < height; y++) {
    const low = ys.low[y] as number;
    const high = ys.high[y] as number;
    if (held[1] === low) {
      rows = [rows[1], rows[0]];
      held = [low, -1];
    }
    if (held[0] !== low) horizontal(low, rows[0]);
    if (held[1] !== high) horizontal(high, rows[1]);
    held = [low, high];
    const w = ys.weight[y] as number;
    const [above, below] = rows;
    for (let i = 0; i < width * 3; i++, o++) {
      // OpenCV drops 4 bits before and 16 after the product, then rounds away the last 2.
      const sum = (((one - w) * ((above[i] as number) >> 4)) >> 16) + ((w * ((below[i] as number) >> 4)) >> 16);
      out[o] = (sum + 2) >> 2;
    }
  }
}

function resizeArea(source: Picture, out: Uint8Array, height: number, width: number): void {
  const { data } = source;
  const xs = covers(source.width, width);
  const ys = covers(source.height, height);
  const sums = new Float64Array(source.width * 3);
  for (let y = 0, o = 0; y < height; y++) {
    sums.fill(0);
    const down = ys[y] as Cover;
    down.weights.forEach((weight, k) => {
      const start = (down.first + k) * source.width * 3;
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + weight * (data[start + i] as number);
    });
    for (const { first, weights } of xs) {
      for (let c = 0; c < 3; c++, o++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (sums[(first + k) * 3 + c] as number);
        // A sum of thirds that should be a whole number may fall short of it by a rounding error.
        out[o] = Math.floor(sum + 0.5 + 1e-9);
      }
    }
  }
}

interface Cover {
  readonly first: number;
  /** Shares of the pixels that an output pixel covers; they add to 1. */
  readonly weights: readonly number[];
}

function covers(from: number, to: number): Cover[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    const start = i * scale;
    const end = Math.min(from, (i + 1) * scale);
    const first = Math.floor(start + 1e-9);
    const last = Math.max(first + 1, Math.ceil(end - 1e-9));
    const weights = Array.from(
      { length: last - first },
      (_unused, k) => (Math.min(end, first + k + 1) - Math.max(start, first + k)) / (end - start),
    );
    return { first, weights };
  });
}
