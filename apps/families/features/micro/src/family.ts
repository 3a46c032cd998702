import { resizeMethods, resizePicture, sampleFrames } from '@primatrix/backbones';
import { parseSettings } from '@primatrix/contracts';
import { noWeights, type ClipExtraction, type FeatureFamily, type JsonValue } from '@primatrix/families';
import { packageOf } from '@primatrix/files';
import { z } from 'zod';

const { version } = packageOf(import.meta.url);

const settingsSchema = z.strictObject({
  /** At most so many, evenly spread over the clip; a clip with fewer gives all it has. */
  frames: z.int().min(1).max(1024),
  /** Height and width that frames are stretched to, pixels. */
  size: z.int().min(1).max(1024),
  resize: z.enum(resizeMethods),
});
type Settings = z.infer<typeof settingsSchema>;

function parse(settings: JsonValue): Settings {
  return parseSettings(settings, settingsSchema, {
    name: 'micro',
    example: '{ "frames": 30, "size": 64, "resize": "area" }',
  });
}

/**
 * A small copy of the clip, [frames, size, size, 3], uint8 RGB: what the competition handed out as micro videos (30
 * frames of 64x64), made here from the full ones.
 */
export const family: FeatureFamily = {
  kind: 'features',
  name: 'micro',
  version,
  summary: 'small colour clips of evenly spread frames',
  settings: {
    laptop: { frames: 30, size: 32, resize: 'area' },
    // Area means of all pixels: bilinear sampling from full size would see 1 pixel in 20.
    competition: { frames: 30, size: 64, resize: 'area' },
  },
  rowShape(settings) {
    const { size } = parse(settings);
    return [size, size, 3];
  },
  weightsDigest: async () => null,
  async open(given) {
    const settings = parse(given);
    return {
      weights: noWeights,
      pixels: 'color',
      start: ({ frames }) => shrinkClip(settings, frames),
      dispose: async () => undefined,
    };
  },
};

function shrinkClip({ frames: most, size, resize }: Settings, promised: number | null): ClipExtraction {
  const wants = sampleFrames({ every: 1, maxFrames: most }, promised);
  const pictureBytes = size * size * 3;
  const pictures = new Uint8Array(most * pictureBytes);
  let seen = 0;
  return {
    wants: (index) => seen < most && wants(index),
    push(frame) {
      const picture = pictures.subarray(seen * pictureBytes, (seen + 1) * pictureBytes);
      resizePicture({ width: frame.width, height: frame.height, data: frame.rgb() }, picture, size, size, resize);
      seen++;
    },
    finish: async () => ({
      tensor: { dtype: 'uint8', shape: [seen, size, size, 3], data: pictures.slice(0, seen * pictureBytes) },
      row: {},
    }),
  };
}
