import { describe, expect, it } from 'vitest';
import { descriptorTensor } from './descriptor-tensor.ts';
import { descriptorNames, soundDescriptors, type SoundDescriptors } from './sound-descriptors.ts';
import { summariseDescriptors, summaryNames } from './summarise-descriptors.ts';

/** Frames in which every descriptor has the same value; NaN is a silent frame. */
const framesOf = (levels: readonly number[]): SoundDescriptors => ({
  frames: levels.length,
  values: Float32Array.from(levels.flatMap((level) => Array<number>(descriptorNames.length).fill(level))),
});

describe('summariseDescriptors', () => {
  it('summarises what is heard over time', () => {
    const row = summariseDescriptors(framesOf([1, 2, 3, 4, 10, Number.NaN, Number.NaN, Number.NaN]));
    expect(Object.keys(row)).toEqual(summaryNames);
    expect(row).toMatchObject({
      sounding: 5 / 8,
      rms_mean: 4,
      rms_min: 1,
      rms_max: 10,
      rms_p10: 1.4,
      rms_p25: 2,
      rms_p50: 3,
      rms_p75: 4,
    });
    expect(row['rms_p90']).toBeCloseTo(7.6, 10);
    expect(row['rms_deviation']).toBeCloseTo(Math.sqrt(10), 10);
    expect(row).toMatchObject({ rms_change_mean: 9 / 4, chroma_5_mean: 4, mel_39_mean: 4 });
    expect(row['mel_3_p50']).toBeUndefined();
  });

  it('does not take the step over a silence for a change', () => {
    const row = summariseDescriptors(framesOf([1, 2, Number.NaN, 50, 51]));
    expect(row).toMatchObject({ mfcc_0_change_mean: 1, mfcc_0_change_deviation: 0 });
  });

  it('is missing as a whole for silence and for no sound, with the same names', () => {
    const silence = summariseDescriptors(soundDescriptors(new Int16Array(5000)));
    expect(Object.keys(silence)).toEqual(summaryNames);
    expect(silence['sounding']).toBe(0);
    expect(Object.values(silence).filter((value) => !Number.isNaN(value))).toEqual([0]);
    expect(Object.values(summariseDescriptors(soundDescriptors(new Int16Array()))).every(Number.isNaN)).toBe(true);
  });
});

describe('descriptorTensor', () => {
  it('is finite, with zeros for silence', () => {
    const tensor = descriptorTensor(framesOf([3, Number.NaN]));
    expect(tensor.shape).toEqual([2, descriptorNames.length]);
    expect([tensor.data[0], tensor.data.at(-1)]).toEqual([3, 0]);
  });
});
