import { describe, expect, it } from 'vitest';
import { descriptorNames, soundDescriptors } from './sound-descriptors.ts';
import { frameSize, hopSize, soundSampleRate } from './sound-frames.ts';

const sine = (hz: number, seconds: number, peak = 10_000) =>
  Int16Array.from(
    { length: Math.round(seconds * soundSampleRate) },
    (_, i) => peak * Math.sin((2 * Math.PI * hz * i) / soundSampleRate),
  );
/** Noise without a random source: a multiplicative sequence. */
const noise = (length: number, peak = 10_000) => {
  let state = 1;
  return Int16Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return peak * ((2 * state) / 2_147_483_647 - 1);
  });
};
const row = ({ values }: ReturnType<typeof soundDescriptors>, frame: number) =>
  Object.fromEntries(
    descriptorNames.map((name, i) => [name, values[frame * descriptorNames.length + i] as number]),
  ) as Record<string, number>;

describe('soundDescriptors', () => {
  it('has one row for every whole frame, and a filled-up one for less than a frame', () => {
    for (const [samples, frames] of [
      [0, 0],
      [1, 1],
      [frameSize - 1, 1],
      [frameSize, 1],
      [frameSize + hopSize - 1, 1],
      [frameSize + hopSize, 2],
      [frameSize + 10 * hopSize, 11],
    ] as const) {
      const described = soundDescriptors(noise(samples));
      expect(described.frames, `${samples} samples`).toBe(frames);
      expect(described.values).toHaveLength(frames * descriptorNames.length);
      // The window is zero at a frame's edge: of one sample nothing is heard.
      expect(described.values.every(samples === 1 ? Number.isNaN : Number.isFinite)).toBe(true);
    }
  });

  it('hears level, pitch and purity of a tone', () => {
    const tone = row(soundDescriptors(sine(2000, 0.5)), 3);
    // The Hann window lets through 3/8 of the power.
    expect(tone['rms']).toBeCloseTo((10_000 / 32_768) * Math.sqrt(3 / 16), 2);
    expect(tone['energy']).toBeCloseTo(frameSize * (tone['rms'] as number) ** 2, 2);
    expect(tone['zcr']).toBeCloseTo((2 * 2000) / soundSampleRate, 2);
    expect(tone['centroid']).toBeGreaterThan(1950);
    expect(tone['centroid']).toBeLessThan(2100);
    expect(tone['flatness']).toBeLessThan(0.05);
    // 2,000 Hz lie between B6 (1,976) and C7 (2,093).
    expect(tone['chroma_11']).toBe(1);
  });

  it('tells noise from a tone, a high tone from a low one, and loud from quiet', () => {
    const [hiss, low, high, quiet] = [noise(8192), sine(300, 0.4), sine(6000, 0.4), sine(300, 0.4, 100)].map(
      (samples) => row(soundDescriptors(samples), 2),
    );
    expect(hiss?.['flatness']).toBeGreaterThan(0.5);
    expect(hiss?.['spread']).toBeGreaterThan(2500);
    expect(hiss?.['kurtosis']).toBeLessThan(3);
    expect(high?.['centroid']).toBeGreaterThan(3 * (low?.['centroid'] as number));
    expect(low?.['slope']).toBeLessThan(0);
    expect(high?.['rolloff']).toBeGreaterThan(low?.['rolloff'] as number);
    expect(quiet?.['loudness']).toBeLessThan(low?.['loudness'] as number);
    expect(quiet?.['rms']).toBeCloseTo((low?.['rms'] as number) / 100, 4);
    expect(quiet?.['mel_3']).not.toBeCloseTo(0, 1);
  });

  it('leaves silent frames out as a whole', () => {
    const samples = new Int16Array(20 * hopSize);
    samples.set(noise(5 * hopSize));
    samples[15 * hopSize] = 1; // what a codec leaves of silence
    const { frames, values } = soundDescriptors(samples);
    const width = descriptorNames.length;
    for (let frame = 0; frame < frames; frame++) {
      const missing = values.subarray(frame * width, (frame + 1) * width).filter(Number.isNaN).length;
      expect(missing, `frame ${frame}`).toBe(frame < 5 ? 0 : width);
    }
  });

  it('stays finite for the loudest, the flattest and the shortest sounds', () => {
    const square = Int16Array.from({ length: 4096 }, (_, i) => (i % 40 < 20 ? 32_767 : -32_768));
    const click = new Int16Array(4096);
    click[700] = 32_767;
    for (const samples of [
      square,
      click,
      new Int16Array(4096).fill(-32_768),
      new Int16Array(4096).fill(2),
      Int16Array.of(5, 0, 6),
    ]) {
      const { values } = soundDescriptors(samples);
      const heard = values.filter((value) => !Number.isNaN(value));
      expect(heard.length % descriptorNames.length).toBe(0);
      expect(heard.length).toBeGreaterThan(0);
      expect(heard.every(Number.isFinite)).toBe(true);
    }
  });

  it('depends on nothing but the samples', () => {
    const samples = noise(9000);
    const first = soundDescriptors(samples).values;
    soundDescriptors(sine(440, 1));
    expect(soundDescriptors(samples).values).toEqual(first);
  });
});
