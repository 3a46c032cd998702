import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { LogMel, melFrames, type LogMelSettings } from './log-mel.ts';

const settings: LogMelSettings = {
  rule: 'kaldi',
  bins: 16,
  low: 0,
  high: 4000,
  fftSize: 256,
  windowSize: 200,
  window: 'hann-symmetric',
  hop: 80,
  pad: 'reflect',
  preEmphasis: 0,
  power: 2,
  log: { base: 'e', plus: 1e-5 },
  normalise: { mean: 0, deviation: 1 },
};
const rate = 8000;
const tone = (hz: number, samples: number) =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(20_000 * Math.sin((2 * Math.PI * hz * i) / rate)));
const of = (changes: Partial<LogMelSettings>, samples: Int16Array) =>
  new LogMel({ ...settings, ...changes }, rate).of(samples);

describe('frames', () => {
  it.each([
    ['centred', {}, [1, 3, 11]],
    ['centred, a sample less by emphasis', { preEmphasis: 0.97 }, [1, 3, 10]],
    ['whole windows only', { pad: 'none' }, [0, 1, 8]],
  ] as const)('%s', (_name, changes, counts) => {
    expect([1, 200, 800].map((samples) => melFrames({ ...settings, ...changes }, samples))).toEqual(counts);
    expect(of(changes, tone(500, 800))).toHaveLength(16 * counts[2]);
  });
});

it('has a tone in the bands around it, and louder where it is louder', () => {
  const quiet = of(
    {},
    tone(1000, 800).map((sample) => sample / 10),
  );
  const loud = of({}, tone(1000, 800));
  const frames = 11;
  const middle = (values: Float32Array) => Array.from({ length: 16 }, (_, b) => values[b * frames + 5] as number);
  const peak = middle(loud).indexOf(Math.max(...middle(loud)));
  // 1000 Hz of 1127 ln(1 + f / 700), 17 steps up to 4000 Hz.
  expect(peak).toBe(Math.round((17 * Math.log(1 + 1000 / 700)) / Math.log(1 + 4000 / 700)) - 1);
  expect((middle(loud)[peak] as number) - (middle(quiet)[peak] as number)).toBeCloseTo(2 * Math.log(10), 1);
});

it('takes amplitudes, tens, floors, mean and deviation as it is told', () => {
  const silence = new Int16Array(400);
  expect(of({}, silence)[0]).toBeCloseTo(Math.log(1e-5), 5);
  expect(of({ log: { base: '10', atLeast: 1e-3 } }, silence)[0]).toBeCloseTo(-3, 5);
  expect(of({ normalise: { mean: -4.5, deviation: 5 } }, silence)[0]).toBeCloseTo(-1.4025851, 6);
  const doubled = (power: 1 | 2) => {
    const [once, twice] = [400, 800].map((level) =>
      of({ power, log: { base: 'e', atLeast: 1e-30 } }, new Int16Array(800).fill(level)),
    ) as [Float32Array, Float32Array];
    return (twice[5] as number) - (once[5] as number);
  };
  expect(doubled(1)).toBeCloseTo(Math.log(2), 5);
  expect(doubled(2)).toBeCloseTo(Math.log(4), 5);
});

it('mirrors sound at its ends, or has silence there', () => {
  const steady = new Int16Array(800).fill(10_000);
  const lowest = (pad: LogMelSettings['pad']) => of({ pad, low: 20 }, steady).subarray(0, 11);
  const [mirrored, cut] = [lowest('reflect'), lowest('zeros')];
  expect(Math.abs((mirrored[0] as number) - (mirrored[5] as number))).toBeLessThan(1e-3);
  expect(Math.abs((cut[0] as number) - (cut[5] as number))).toBeGreaterThan(0.1);
  // Shorter than what is mirrored of it.
  expect(of({}, steady.subarray(0, 3)).every(Number.isFinite)).toBe(true);
  expect(of({ preEmphasis: 0.97 }, steady.subarray(0, 1)).every(Number.isFinite)).toBe(true);
});

const golden = sharedData('models', 'golden/audio');
describe.skipIf(golden === undefined)('the bands of EfficientAT, within 1e-4 (needs the shared data folder)', () => {
  const mel = new LogMel(
    {
      ...settings,
      ...{ bins: 128, high: 15_000, fftSize: 1024, windowSize: 800, hop: 320, preEmphasis: 0.97 },
      normalise: { mean: -4.5, deviation: 5 },
    },
    32_000,
  );

  it.each(['1-30344-A', '1-211527-C', '1-47273-A', '1-34119-B'])('%s', (name) => {
    const wanted = JSON.parse(readFileSync(join(golden as string, `${name}.json`), 'utf8')) as {
      wav: string;
      samples: number;
      logmel: {
        shape: [number, number];
        mean: number;
        framesAt: number[];
        frames: number[][];
        bandsAt: number[];
        bandsFirst32Frames: number[][];
      };
    };
    const bytes = readFileSync(join(golden as string, wanted.wav));
    // Its last chunk holds the samples.
    const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + bytes.length - 2 * wanted.samples));
    const got = mel.of(samples.subarray(0, wanted.samples));
    const [bins, frames] = wanted.logmel.shape;
    expect(got).toHaveLength(bins * frames);
    const { framesAt, bandsAt, mean } = wanted.logmel;
    let worst = 0;
    const compare = (band: number, frame: number, want: number) => {
      worst = Math.max(worst, Math.abs((got[band * frames + frame] as number) - want));
    };
    framesAt.forEach((frame, i) => wanted.logmel.frames[i]?.forEach((want, band) => compare(band, frame, want)));
    bandsAt.forEach((band, i) =>
      wanted.logmel.bandsFirst32Frames[i]?.forEach((want, frame) => compare(band, frame, want)),
    );
    expect(worst).toBeLessThan(1e-4);
    expect(got.reduce((sum, value) => sum + value, 0) / got.length).toBeCloseTo(mean, 4);
  });
});
