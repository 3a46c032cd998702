import type { PictureInput } from '../folder/model-card.ts';
import type { FittedPicture } from './fit-picture.ts';

/** Channels of a picture. */
const channels = 3;

/** Values that one picture has in a model's input. */
export function pictureLength({ size: [width, height] }: PictureInput): number {
  return width * height * channels;
}

/**
 * Writes a fitted picture as a model wants it: layout, order of colours, scaling, filling around it.
 * @param out one picture's part of the input, float32
 */
export function writePicture({ picture, placement }: FittedPicture, input: PictureInput, out: Float32Array): void {
  const [width, height] = input.size;
  const area = width * height;
  for (let channel = 0; channel < channels; channel++) {
    const color = input.channels === 'rgb' ? channel : channels - 1 - channel;
    const scaled = scalingOf(input, color);
    const [first, step] = input.layout === 'nchw' ? [channel * area, 1] : [channel, channels];
    const around = fillingOf(input, scaled);
    for (let y = 0; y < height; y++) {
      const fromY = y - placement.top;
      const inside = fromY >= 0 && fromY < placement.height;
      for (let x = 0, o = first + y * width * step; x < width; x++, o += step) {
        const fromX = x - placement.left;
        out[o] =
          inside && fromX >= 0 && fromX < placement.width
            ? (scaled[picture.data[(fromY * picture.width + fromX) * channels + color] as number] as number)
            : around;
      }
    }
  }
}

/** What each of 256 bytes becomes. */
function scalingOf({ values }: PictureInput, color: number): Float32Array {
  if (values === '0..255') return Float32Array.from({ length: 256 }, (_, byte) => byte);
  if (values === '0..1') return Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  if (values === '-1..1') return Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);
  const mean = values.mean[color] as number;
  const deviation = values.deviation[color] as number;
  return Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / deviation);
}

/** What stands where no picture is: of a picture that is cut, nowhere. */
function fillingOf({ fit }: PictureInput, scaled: Float32Array): number {
  if (fit.kind !== 'letterbox') return scaled[0] as number;
  if (fit.padding === 'after') return fit.pad;
  const low = Math.max(0, Math.min(254, Math.floor(fit.pad)));
  const [a, b] = [scaled[low] as number, scaled[low + 1] as number];
  return a + (b - a) * (fit.pad - low);
}
