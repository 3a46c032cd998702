import { parseSettings } from '@primatrix/contracts';
import type { JsonValue } from '@primatrix/families';
import { z } from 'zod';
import type { BackboneSpec } from './backbone-spec.ts';
import { resizeMethods } from './resize-picture.ts';

const settingsSchema = z.strictObject({
  /** Height and width that frames are stretched to, pixels. */
  size: z.int().max(4096),
  /** Every how many frames one is looked at. */
  every: z.int().min(1),
  /** At most so many frames of a clip, spread over it; absent: as many as there are. */
  maxFrames: z.int().min(1).exactOptional(),
  /** Frames in one run: more need more memory (VGG16 at 448: 0.45 GB for 1, 1.1 GB for 4) and save little time. */
  batch: z.int().min(1).max(256),
  resize: z.enum(resizeMethods),
  /** `bgr`: red and blue change places before the net sees a frame; absent: as the weights want it. */
  channels: z.literal('bgr').exactOptional(),
  /** `winograd`: convolutions of many channels by that method, features within 1e-5 of the largest; absent: plainly. */
  convolution: z.literal('winograd').exactOptional(),
  /** Of the weights, where none were imported. */
  seed: z.int(),
  storage: z.enum(['float32', 'float16']),
  /** Frames that differ from the last computed one in at most so many bits of each hash take its features; absent: none do. */
  reuseWithin: z.int().min(0).max(64).exactOptional(),
});

/** Settings of a backbone family; everything here is part of the cache key. */
export type BackboneSettings = z.infer<typeof settingsSchema>;

/** @throws SettingsError naming the first wrong setting */
export function parseBackboneSettings(settings: JsonValue, family: string, spec: BackboneSpec): BackboneSettings {
  const schema = settingsSchema.extend({ size: settingsSchema.shape.size.min(spec.minSize) });
  return parseSettings(settings, schema, { name: family, example: Object.keys(settingsSchema.shape).join(', ') });
}
