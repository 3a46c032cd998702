import { UsageError } from '@primatrix/contracts';
import type { FeatureContext } from '@primatrix/families';
import { featureConformance } from '@primatrix/families/conformance';
import { float16ToFloat32 } from '@primatrix/tensor-store';
import { describe, expect, it } from 'vitest';
import { family } from './family.ts';

const context: FeatureContext = { weightsDir: '', threads: 1, device: 'cpu' };

describe('waveform', async () => {
  const settings = family.settings.laptop;
  const extractor = await family.open(settings, context);

  // The others are about pictures.
  it.each(featureConformance.slice(0, 3))('$name', ({ run }) =>
    run({ family, extractor, settings, context, maxRows: Infinity }),
  );

  it('keeps the samples as parts of full scale, to half precision', async () => {
    const extractor = await family.open(family.settings.competition, context);
    expect(extractor).toMatchObject({ pixels: 'none', sound: { sampleRate: 22_050 } });
    const extraction = extractor.start({ name: 'a.wav', frames: null });
    const samples = Int16Array.of(0, 1, -1, 2047, -2048, 2049, 20_001, 32_767, -32_768);
    await extraction.listen?.(samples);
    const { tensor, row } = await extraction.finish();
    expect(tensor).toMatchObject({ dtype: 'float16', shape: [9, 1] });
    const values = float16ToFloat32(tensor.data as Uint16Array);
    samples.forEach((sample, i) =>
      expect(Math.abs((values[i] as number) * 32_768 - sample)).toBeLessThanOrEqual(
        Math.abs(sample) <= 2048 ? 0 : Math.abs(sample) / 2048,
      ),
    );
    expect(row).toEqual({});
  });

  it('keeps no more than it is asked to', async () => {
    const extractor = await family.open({ maxSeconds: 0.1 }, context);
    const extraction = extractor.start({ name: 'a.wav', frames: null });
    await extraction.listen?.(new Int16Array(100_000).fill(5));
    expect((await extraction.finish()).tensor.shape).toEqual([2205, ...family.rowShape({ maxSeconds: 0.1 })]);
    expect(family.rowShape(settings)).toEqual([1]);
  });

  it('refuses settings that are not its own', async () => {
    await expect(family.open({ maxSeconds: 60, sampleRate: 8000 }, context)).rejects.toThrow(UsageError);
    await expect(family.open({ maxSeconds: 0 }, context)).rejects.toThrow(UsageError);
  });
});
