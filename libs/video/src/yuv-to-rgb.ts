/** How the planes of a frame lie: chroma is halved `shiftX` times across and `shiftY` times down. */
export type YuvFormat = { readonly shiftX: number; readonly shiftY: number; readonly fullRange: boolean };

type Tables = {
  readonly luma: Int32Array;
  readonly redV: Int32Array;
  readonly greenU: Int32Array;
  readonly greenV: Int32Array;
  readonly blueU: Int32Array;
};

// ITU-R BT.601: the matrix that swscale, and OpenCV with it, takes unless told otherwise, for HD pictures too.
const red = 0.299;
const blue = 0.114;
const green = 1 - red - blue;

function makeTables(fullRange: boolean): Tables {
  const lumaGain = fullRange ? 1 : 255 / 219;
  const chromaGain = fullRange ? 1 : 255 / 224;
  const black = fullRange ? 0 : 16;
  const table = (value: (sample: number) => number): Int32Array =>
    Int32Array.from({ length: 256 }, (_, sample) => Math.floor(value(sample)));
  return {
    luma: table((y) => (y - black) * lumaGain),
    redV: table((v) => (v - 128) * chromaGain * 2 * (1 - red)),
    greenU: table((u) => (u - 128) * chromaGain * -2 * (1 - blue) * (blue / green)),
    greenV: table((v) => (v - 128) * chromaGain * -2 * (1 - red) * (red / green)),
    blueU: table((u) => (u - 128) * chromaGain * 2 * (1 - blue)),
  };
}

const tables: [Tables?, Tables?] = [];

// Grey and colour add up to -279..537. A table of what such a sum is as a byte takes a third of the time that a clamped
// array does.
const below = 512;
const clamped = Uint8Array.from({ length: 2048 }, (_, i) => Math.max(0, Math.min(255, i - below)));

/** Bytes of one frame: luma plane, then the two chroma planes. */
export function yuvFrameBytes(width: number, height: number, { shiftX, shiftY }: YuvFormat): number {
  return width * height + 2 * chromaSize(width, shiftX) * chromaSize(height, shiftY);
}

/**
 * Converts planar YUV to rgb24 [h * w * 3], every product rounded down; each chroma sample serves its whole block, as in swscale and OpenCV.
 */
export function yuvToRgb(planes: Uint8Array, width: number, height: number, format: YuvFormat): Uint8Array {
  const { shiftX, shiftY } = format;
  const { luma, redV, greenU, greenV, blueU } = (tables[format.fullRange ? 1 : 0] ??= makeTables(format.fullRange));
  const chromaWidth = chromaSize(width, shiftX);
  const uPlane = width * height;
  const vPlane = uPlane + chromaWidth * chromaSize(height, shiftY);
  const rgb = new Uint8Array(width * height * 3);
  const block = 1 << shiftX;
  for (let y = 0, at = 0, out = 0; y < height; y++) {
    const row = (y >> shiftY) * chromaWidth;
    for (let chroma = 0, x = 0; x < width; chroma++) {
      const u = planes[uPlane + row + chroma]!;
      const v = planes[vPlane + row + chroma]!;
      const r = redV[v]! + below;
      const g = greenU[u]! + greenV[v]! + below;
      const b = blueU[u]! + below;
      for (const end = Math.min(width, x + block); x < end; x++, out += 3) {
        const grey = luma[planes[at++]!]!;
        rgb[out] = clamped[grey + r]!;
        rgb[out + 1] = clamped[grey + g]!;
        rgb[out + 2] = clamped[grey + b]!;
      }
    }
  }
  return rgb;
}

/** The same of the pixels where columns and rows cross, [rows * columns * 3]: where few are looked at, few are made. */
export function yuvToRgbAt(
  planes: Uint8Array,
  { width, height, format }: { readonly width: number; readonly height: number; readonly format: YuvFormat },
  columns: ArrayLike<number>,
  rows: ArrayLike<number>,
): Uint8Array {
  const { shiftX, shiftY } = format;
  const { luma, redV, greenU, greenV, blueU } = (tables[format.fullRange ? 1 : 0] ??= makeTables(format.fullRange));
  const chromaWidth = chromaSize(width, shiftX);
  const uPlane = width * height;
  const vPlane = uPlane + chromaWidth * chromaSize(height, shiftY);
  const rgb = new Uint8Array(rows.length * columns.length * 3);
  for (let j = 0, out = 0; j < rows.length; j++) {
    const row = rows[j]! * width;
    const chromaRow = (rows[j]! >> shiftY) * chromaWidth;
    for (let i = 0; i < columns.length; i++, out += 3) {
      const chroma = chromaRow + (columns[i]! >> shiftX);
      const u = planes[uPlane + chroma]!;
      const v = planes[vPlane + chroma]!;
      const grey = luma[planes[row + columns[i]!]!]! + below;
      rgb[out] = clamped[grey + redV[v]!]!;
      rgb[out + 1] = clamped[grey + greenU[u]! + greenV[v]!]!;
      rgb[out + 2] = clamped[grey + blueU[u]!]!;
    }
  }
  return rgb;
}

function chromaSize(size: number, shift: number): number {
  return (size + (1 << shift) - 1) >> shift;
}
