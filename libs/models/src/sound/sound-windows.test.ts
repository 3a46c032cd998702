import { expect, it } from 'vitest';
import type { SoundInput } from '../folder/sound-input.ts';
import { hearingPlan, soundWindows } from './sound-windows.ts';

const input: SoundInput = {
  name: 'x',
  rate: 1000,
  window: 10,
  hop: 10,
  fill: 'none',
  batch: 'free',
  form: 'samples',
  layout: 'ns',
};
const counting = (samples: number) => Int16Array.from({ length: samples }, (_, i) => i + 1);
const ends = (samples: number, changes: Partial<SoundInput> = {}, plan = {}) => {
  const changed = { ...input, ...changes } as SoundInput;
  return soundWindows(counting(samples), changed, { ...hearingPlan(changed), ...plan }).map((window) => [
    window[0],
    window.at(-1),
    window.length,
  ]);
};

it.each([
  ['a whole one', 10, {}, [[1, 10, 10]]],
  ['a short one as it is', 7, {}, [[1, 7, 7]]],
  ['a short one in silence', 7, { fill: 'zeros' }, [[1, 0, 10]]],
  [
    'the last one ends with the sound',
    25,
    {},
    [
      [1, 10, 10],
      [11, 20, 10],
      [16, 25, 10],
    ],
  ],
  [
    'the last one is filled',
    25,
    { fill: 'zeros' },
    [
      [1, 10, 10],
      [11, 20, 10],
      [21, 0, 10],
    ],
  ],
  [
    'nothing after one that reached the end',
    20,
    { hop: 5 },
    [
      [1, 10, 10],
      [6, 15, 10],
      [11, 20, 10],
    ],
  ],
  [
    'with gaps',
    25,
    { hop: 20 },
    [
      [1, 10, 10],
      [16, 25, 10],
    ],
  ],
] as const)('%s', (_name, samples, changes, wanted) => expect(ends(samples, changes)).toEqual(wanted));

it('has as many looks as it may, evenly spread', () => {
  expect(ends(100, {}, { looks: 4 }).map(([first]) => first)).toEqual([1, 21, 51, 71]);
  expect(ends(100, {}, { every: 0.005 })).toHaveLength(19);
});

it('hears a click of fewer samples than a frame', () => {
  const mel = {
    ...{ rule: 'kaldi', bins: 2, low: 0, high: 500, fftSize: 8, windowSize: 8, window: 'hann', hop: 4, pad: 'none' },
    ...{ preEmphasis: 0, power: 2, log: { base: 'e', plus: 1 }, normalise: { mean: 0, deviation: 1 } },
  };
  expect(ends(3, { form: 'mel', layout: 'nbt', mel } as Partial<SoundInput>)).toEqual([[1, 0, 9]]);
});
