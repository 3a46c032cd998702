import { expect, it } from 'vitest';
import { heardSounds } from './heard-sounds.ts';

const label = (name: string) => ({ name, group: 'other' as const, scientificName: null, taxonRank: null });
const labels = ['Rain', 'Bird', 'Car'].map((name) => label(name));
const rows = (...scores: number[][]) => scores.map((row) => Float32Array.from(row));
const times = [0, 10, 20, 30].map((from) => ({ from, to: from + 10 }));

it('tells sounds with the windows in which they were, the surest first', () => {
  expect(
    heardSounds(rows([0.5, 0.05, 0], [0.25, 0.05, 0.05], [0.05, 0.75, 0], [0.125, 0.5, 0]), times, labels),
  ).toEqual([
    { name: 'Bird', score: 0.75, times: [{ from: 20, to: 40 }] },
    {
      name: 'Rain',
      score: 0.5,
      times: [
        { from: 0, to: 20 },
        { from: 30, to: 40 },
      ],
    },
  ]);
});

it('joins windows that overlap, as the last one may', () => {
  const overlapping = [
    { from: 0, to: 10 },
    { from: 7.5, to: 17.5 },
  ];
  expect(heardSounds(rows([1, 0, 0], [1, 0, 0]), overlapping, labels)[0]?.times).toEqual([{ from: 0, to: 17.5 }]);
});

it('tells no more than ten', () => {
  const many = Array.from({ length: 30 }, (_, i) => label(`${i}`));
  const row = Float32Array.from({ length: 30 }, (_, i) => (i + 1) / 30);
  const sounds = heardSounds([row], [{ from: 0, to: 1.5 }], many);
  expect(sounds).toHaveLength(10);
  expect(sounds[0]?.name).toBe('29');
});
