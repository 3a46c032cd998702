import {
  descriptorNames,
  descriptorTensor,
  frameCount,
  soundDescriptors,
  soundSampleRate,
  summariseDescriptors,
  summaryNames,
} from '@primatrix/sound';
import { UsageError } from '@primatrix/contracts';
import type { ClipFeatures, FeatureContext } from '@primatrix/families';
import { featureConformance } from '@primatrix/families/conformance';
import { describe, expect, it } from 'vitest';
import { family } from './family.ts';

const context: FeatureContext = { weightsDir: '', threads: 1, device: 'cpu' };
const chirp = (length: number) => Int16Array.from({ length }, (_, i) => 9000 * Math.sin((i * (1 + i / length)) / 9));

async function featuresOf(samples: Int16Array): Promise<ClipFeatures> {
  const extractor = await family.open(family.settings.laptop, context);
  const extraction = extractor.start({ name: 'a.wav', frames: null });
  await extraction.listen?.(samples);
  return extraction.finish();
}

describe('audio features', async () => {
  const extractor = await family.open({}, context);

  // The others are about pictures.
  it.each(featureConformance.slice(0, 3))('$name', ({ run }) =>
    run({ family, extractor, settings: {}, context, maxRows: Infinity }),
  );

  it('ask for sound and not for pictures, without weights', async () => {
    const { pixels, sound, weights } = await family.open({}, context);
    expect({ pixels, sound, weights }).toMatchObject({
      pixels: 'none',
      sound: { sampleRate: 22_050 },
      weights: { source: 'none', digest: null },
    });
    expect(await family.weightsDigest(context)).toBeNull();
    expect(family).toMatchObject({ kind: 'features', name: 'audio', rowsAlone: ['laptop'] });
  });

  it('refuse settings that are not theirs', async () => {
    await expect(family.open({ frames: 3 }, context)).rejects.toThrow(UsageError);
  });

  it('give a row of descriptors a frame, the same in turns as at once', async () => {
    // Long enough for three turns.
    const samples = chirp(14 * soundSampleRate);
    const { tensor, row } = await featuresOf(samples);
    const whole = soundDescriptors(samples);
    expect(tensor).toEqual(descriptorTensor(whole));
    expect(tensor.shape).toEqual([frameCount(samples.length), ...family.rowShape({})]);
    expect(row).toEqual(summariseDescriptors(whole));
  });

  it('have the same columns for silence and for a click', async () => {
    for (const samples of [new Int16Array(30_000), chirp(1), chirp(2000)]) {
      const { tensor, row } = await featuresOf(samples);
      expect(Object.keys(row)).toEqual(summaryNames);
      expect(tensor.shape).toEqual([frameCount(samples.length), descriptorNames.length]);
      expect((tensor.data as Float32Array).every(Number.isFinite)).toBe(true);
    }
  });
});
