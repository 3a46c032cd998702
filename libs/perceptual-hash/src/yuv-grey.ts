/** How the planes of a frame lie: chroma is halved `shiftX` times across and `shiftY` times down. */
export interface YuvFormat {
  readonly shiftX: number;
  readonly shiftY: number;
  /** Whether luma spans 0..255 (JPEG) and not 16..235 (video). */
  readonly fullRange: boolean;
}

/** What a frame's bytes are: one plane of luma, planar YUV, or interleaved 8-bit RGB. */
export type PixelLayout =
  | { readonly kind: 'luma'; readonly fullRange: boolean }
  | { readonly kind: 'yuv'; readonly format: YuvFormat }
  | { readonly kind: 'rgb' };

/** swscale's factors with 13 fraction bits; samples come in with 3, and 16 are cut off the product. */
export interface YuvFactors {
  /** Eight times the luma of black. */
  readonly black8: number;
  readonly gain: number;
  readonly redV: number;
  readonly greenU: number;
  readonly greenV: number;
  readonly blueU: number;
}

/** ITU-R BT.601, as OpenCV converts every clip whatever it states. */
export function yuvFactors(fullRange: boolean): YuvFactors {
  // 16 fraction bits, for limited range; integer division as in libswscale/yuv2rgb.c.
  const chroma = (factor: number): number => thirteenBits(fullRange ? Math.trunc((factor * 224) / 255) : factor);
  return {
    black8: fullRange ? 0 : 16 * 8,
    gain: thirteenBits(fullRange ? 65_536 : Math.trunc((65_536 * 255) / 219)),
    redV: chroma(104_597),
    greenU: chroma(-25_675),
    greenV: chroma(-53_279),
    blueU: chroma(132_201),
  };
}

/** Bytes of one frame in a layout. */
export function frameBytes(width: number, height: number, layout: PixelLayout): number {
  const pixels = width * height;
  if (layout.kind === 'rgb') return pixels * 3;
  return layout.kind === 'luma' ? pixels : pixels + 2 * chromaPlaneBytes(width, height, layout.format);
}

/** Bytes of one of the two chroma planes. */
export function chromaPlaneBytes(width: number, height: number, { shiftX, shiftY }: YuvFormat): number {
  return shifted(width, shiftX) * shifted(height, shiftY);
}

/**
 * Any layout to full-range grey, [height, width]: what OpenCV's RGB of the frame becomes under Pillow's
 * `convert('L')`. Exact for 4:2:0 and 4:2:2 pictures of even height, which swscale converts with its SIMD
 * code; for others swscale filters the chroma, and a grey may differ by a few steps where colours change.
 */
export function greyReference(bytes: Uint8Array, width: number, height: number, layout: PixelLayout): Uint8Array {
  if (layout.kind === 'rgb') return greyOfRgb(bytes);
  return layout.kind === 'luma' ? greyOfLuma(bytes, layout.fullRange) : greyOfYuv(bytes, width, height, layout.format);
}

function greyOfRgb(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < grey.length; i++) grey[i] = pillowGrey(rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!);
  return grey;
}

/** As `greyOfYuv` without colour: Pillow's weights add up to one, so grey is the scaled luma. */
function greyOfLuma(luma: Uint8Array, fullRange: boolean): Uint8Array {
  if (fullRange) return luma;
  const { black8, gain } = yuvFactors(false);
  return luma.map((y) => clipped(((y * 8 - black8) * gain) >> 16));
}

function greyOfYuv(bytes: Uint8Array, width: number, height: number, format: YuvFormat): Uint8Array {
  const { black8, gain, redV, greenU, greenV, blueU } = yuvFactors(format.fullRange);
  const grey = new Uint8Array(width * height);
  const chromaWidth = shifted(width, format.shiftX);
  const uPlane = width * height;
  const vPlane = uPlane + chromaPlaneBytes(width, height, format);
  for (let row = 0, at = 0; row < height; row++) {
    const chromaRow = (row >> format.shiftY) * chromaWidth;
    for (let x = 0; x < width; x++, at++) {
      const chroma = chromaRow + (x >> format.shiftX);
      const u = bytes[uPlane + chroma]! * 8 - 1024;
      const v = bytes[vPlane + chroma]! * 8 - 1024;
      const y = ((bytes[at]! * 8 - black8) * gain) >> 16;
      grey[at] = pillowGrey(
        clipped(y + ((v * redV) >> 16)),
        clipped(y + ((u * greenU) >> 16) + ((v * greenV) >> 16)),
        clipped(y + ((u * blueU) >> 16)),
      );
    }
  }
  return grey;
}

function pillowGrey(red: number, green: number, blue: number): number {
  return (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
}

function clipped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function thirteenBits(factor: number): number {
  return Math.floor((factor * 8192 + 32_768) / 65_536);
}

function shifted(size: number, shift: number): number {
  return (size + (1 << shift) - 1) >> shift;
}
