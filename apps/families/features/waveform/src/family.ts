import { soundSampleRate } from '@primatrix/sound';
import { parseSettings } from '@primatrix/contracts';
import { noWeights, type ClipExtraction, type FeatureFamily, type JsonValue } from '@primatrix/families';
import { packageOf } from '@primatrix/files';
import { float32ToFloat16 } from '@primatrix/tensor-store';
import { z } from 'zod';

const { version } = packageOf(import.meta.url);

const settingsSchema = z.strictObject({
  /** Seconds from the start that are kept; what follows is left out. */
  maxSeconds: z.number().positive(),
  /** A clip without sound is one sample of 0, which nets fill up with zeros; default: it has no tensor. */
  orSilence: z.boolean().optional(),
});

function parse(settings: JsonValue): z.infer<typeof settingsSchema> {
  return parseSettings(settings, settingsSchema, { name: 'waveform', example: '{ "maxSeconds": 60 }' });
}

/** The sound itself, [samples, 1], mono at 22,050 Hz, in [-1, 1), float16: what the original's WAV copies held. */
export const family: FeatureFamily = {
  kind: 'features',
  name: 'waveform',
  version,
  summary: 'the sound sample by sample, mono at 22,050 Hz',
  settings: { laptop: { maxSeconds: 60 }, competition: { maxSeconds: 60, orSilence: true } },
  rowShape(settings) {
    parse(settings);
    return [1];
  },
  weightsDigest: async () => null,
  async open(settings) {
    const { maxSeconds, orSilence = false } = parse(settings);
    const samples = Math.round(maxSeconds * soundSampleRate);
    return {
      weights: noWeights,
      pixels: 'none',
      sound: { sampleRate: soundSampleRate, orSilence },
      start: () => keepSound(samples),
      dispose: async () => undefined,
    };
  },
};

function keepSound(most: number): ClipExtraction {
  let kept = new Float32Array();
  return {
    wants: () => false,
    push: () => undefined,
    listen(samples) {
      // Float32Array.from with a function takes five times as long.
      kept = Float32Array.from(samples.subarray(0, most));
      for (let i = 0; i < kept.length; i++) kept[i] = (kept[i] as number) / 32_768;
    },
    // Half precision is exact up to 1/16 of full scale, and 66 dB below the sound above it: half the disk, and nothing to hear.
    finish: async () => ({
      tensor: { dtype: 'float16', shape: [kept.length, 1], data: float32ToFloat16(kept) },
      row: {},
    }),
  };
}
