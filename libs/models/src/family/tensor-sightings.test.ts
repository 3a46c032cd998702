import { expect, it } from 'vitest';
import type { DetectorFolder } from '../folder/model-folder.ts';
import { sightingsOfTensor } from './tensor-sightings.ts';

const label = (name: string, group: 'person' | 'animal' | 'other') => ({
  ...{ name, group, scientificName: null, taxonRank: null },
});
const folder = {
  card: { name: 'd', version: '1.0.0' },
  labels: [label('person', 'person'), label('bird', 'animal'), label('chair', 'other')],
} as unknown as DetectorFolder;

it('finds tracks and boxes in a tensor of looks, and leaves out what is nothing to blur', () => {
  const none = [-1, -1].map(() => [0, 0, 0, 0, 0, 0, -1]);
  const rows = [
    [[0, 0.125, 0.25, 0.375, 0.75, 0.5, 0], [0, 0.75, 0.75, 0.875, 0.875, 0.25, 2], none[0]],
    [[30, 0.25, 0.25, 0.5, 0.75, 0.75, 0], [30, 0, 0, 0.125, 0.125, 0.5, 1], none[0]],
    [[60, 0, 0, 0, 0, 0, -1], none[0], none[1]],
  ];
  const seen = sightingsOfTensor({ shape: [3, 3, 7], data: Float32Array.from(rows.flat(2) as number[]) }, folder, 0.45);
  expect(seen).toMatchObject({ model: 'd 1.0.0', looks: [0, 30, 60] });
  expect(seen.sightings).toEqual([
    {
      ...{ group: 'person', name: 'person', score: 0.75, from: null, to: null },
      boxes: [
        { frame: 0, box: [0.125, 0.25, 0.25, 0.5], score: 0.5 },
        { frame: 30, box: [0.25, 0.25, 0.25, 0.5], score: 0.75 },
      ],
    },
    {
      ...{ group: 'animal', name: 'animal', score: 0.5, from: null, to: null },
      boxes: [{ frame: 30, box: [0, 0, 0.125, 0.125], score: 0.5 }],
    },
  ]);
});
