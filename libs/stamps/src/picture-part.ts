import { resizePicture, type Picture } from '@primatrix/backbones';

/** Pixels of a picture, or rows above and below it; right and bottom are outside. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A part of a picture at another size as a tensor of its channels, blue first, as PP-OCR's models want it.
 * @param values what each of 256 bytes becomes, by channel: red, green, blue
 * @returns float32 [3, height, width]
 */
export function partAsTensor(
  picture: Picture,
  part: Part,
  { width, height }: { readonly width: number; readonly height: number },
  values: readonly [Float32Array, Float32Array, Float32Array],
): Float32Array {
  const pixels = new Uint8Array(width * height * 3);
  resizePicture(cut(picture, part), pixels, height, width, 'bilinear');
  const area = width * height;
  const tensor = new Float32Array(3 * area);
  for (let pixel = 0; pixel < area; pixel++) {
    for (let color = 0; color < 3; color++) {
      tensor[(2 - color) * area + pixel] = (values[color] as Float32Array)[
        pixels[pixel * 3 + color] as number
      ] as number;
    }
  }
  return tensor;
}

/** Rows outside the picture are as its edge. */
function cut({ width, height, data }: Picture, { left, top, right, bottom }: Part): Picture {
  const [w, h] = [right - left, bottom - top];
  const out = new Uint8Array(w * h * 3);
  for (let row = 0; row < h; row++) {
    const from = (Math.max(0, Math.min(height - 1, top + row)) * width + left) * 3;
    out.set(data.subarray(from, from + w * 3), row * w * 3);
  }
  return { width: w, height: h, data: out };
}
