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

/** A picture whose colours are made when they are asked for; `Frame` of @primatrix/video is one. */
export interface UnmadePicture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  rgb(): Uint8Array;
  /** [rows, columns, 3]: those of the pixels where columns and rows cross; absent where that saves nothing. */
  rgbAt?(columns: ArrayLike<number>, rows: ArrayLike<number>): Uint8Array;
}

/**
 * {@link resizePicture} of a picture whose colours are not made yet: bilinear shrinking looks at four pixels of each of the
 * result, and only these are made.
 * @param out [height, width, 3], written to
 */
export function resizeUnmade(
  source: UnmadePicture,
  out: Uint8Array,
  height: number,
  width: number,
  method: ResizeMethod,
): void {
  if (source.rgbAt === undefined || wayOf(source, height, width, method) !== 'bilinear') {
    resizePicture({ width: source.width, height: source.height, data: source.rgb() }, out, height, width, method);
    return;
  }
  const across = lookedAt(taps(source.width, width));
  const down = lookedAt(taps(source.height, height));
  const data = source.rgbAt(across.places, down.places);
  interpolate({ width: across.places.length, data }, out, across.taps, down.taps);
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
  const way = wayOf(source, height, width, method);
  if (way === 'copy') out.set(source.data);
  else if (way === 'area') resizeArea(source, out, height, width);
  else interpolate(source, out, taps(source.width, width), taps(source.height, height));
}

function wayOf(
  source: { readonly width: number; readonly height: number },
  height: number,
  width: number,
  method: ResizeMethod,
): 'copy' | ResizeMethod {
  if (source.width === width && source.height === height) return 'copy';
  if (source.width === 2 * width && source.height === 2 * height) return 'area';
  return method === 'area' && source.width >= width && source.height >= height ? 'area' : 'bilinear';
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

/** The places that taps look at, in order, and the same taps on these alone. */
function lookedAt({ low, high, weight }: Taps): { readonly places: Int32Array; readonly taps: Taps } {
  const places = Int32Array.from(new Set([...low, ...high])).sort();
  const place = new Map([...places].map((at, i) => [at, i]));
  const among = (at: number) => place.get(at) as number;
  return { places, taps: { low: low.map(among), high: high.map(among), weight } };
}

function interpolate({ width: columns, data }: Omit<Picture, 'height'>, out: Uint8Array, xs: Taps, ys: Taps): void {
  const [width, height] = [xs.low.length, ys.low.length];
  const row = columns * 3;
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

// Whole numbers, so that sums are exact in whatever order: along a side, a pixel of the source counts as many parts as
// the result has pixels, and one of the result covers as many parts as the source has pixels.
function resizeArea(source: Picture, out: Uint8Array, height: number, width: number): void {
  const across = covers(source.width, width);
  const rowBytes = source.width * 3;
  const parts = source.width * source.height;
  const sums = new Float64Array(width * 3);
  covers(source.height, height).forEach((down, y) => {
    sums.fill(0);
    for (let row = down.first; row <= down.last; row++) {
      addRow(source.data, row * rowBytes, across, share(down, row, height), sums);
    }
    // Halves are rounded up.
    sums.forEach((sum, i) => (out[y * sums.length + i] = Math.floor((2 * sum + parts) / (2 * parts))));
  });
}

/** Adds `times` what each pixel of the result covers of one row to `sums`, [width * 3]. */
function addRow(data: Uint8Array, start: number, across: readonly Cover[], times: number, sums: Float64Array): void {
  const width = across.length;
  for (let x = 0, o = 0; x < width; x++) {
    const { first, last, left, right } = across[x] as Cover;
    const from = start + first * 3;
    const to = start + last * 3;
    for (let c = 0; c < 3; c++, o++) {
      let whole = 0;
      for (let at = from + 3 + c; at < to; at += 3) whole += data[at] as number;
      const edges = left * (data[from + c] as number) + right * (data[to + c] as number);
      sums[o] = (sums[o] as number) + times * (whole * width + edges);
    }
  }
}

/** What a pixel of the result covers of a row or column: all between two pixels, and parts of these. */
interface Cover {
  readonly first: number;
  readonly last: number;
  /** Parts of the first, and of the last where that is another one, else 0. */
  readonly left: number;
  readonly right: number;
}

/** Cuts `from` pixels of `to` parts each into `to` equal pieces, `to` at most `from`. */
function covers(from: number, to: number): Cover[] {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * from, (i + 1) * from];
    const first = Math.floor(start / to);
    const last = Math.ceil(end / to) - 1;
    return { first, last, left: (first + 1) * to - start, right: first === last ? 0 : end - last * to };
  });
}

/** Parts of a pixel that are covered, of as many as there are in one. */
function share({ first, last, left, right }: Cover, place: number, whole: number): number {
  if (place === first) return left;
  return place === last ? right : whole;
}
