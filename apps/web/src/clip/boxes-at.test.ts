import { expect, it } from 'vitest';
import { boxesAt } from './boxes-at.ts';

const seen = {
  model: 'm 1',
  looks: [0, 10, 20, 30],
  sightings: [
    {
      group: 'animal' as const,
      name: 'bear',
      score: 0.871,
      from: 1,
      to: 2,
      boxes: [
        { frame: 10, box: [0.1, 0.2, 0.3, 0.4] as [number, number, number, number], score: 0.8 },
        { frame: 20, box: [0.3, 0.2, 0.3, 0.2] as [number, number, number, number], score: 0.871 },
      ],
    },
  ],
};

it.each([
  [4.9, undefined],
  [5, [0.1, 0.2, 0.3, 0.4]],
  [10, [0.1, 0.2, 0.3, 0.4]],
  [15, [0.2, 0.2, 0.3, 0.3]],
  [20, [0.3, 0.2, 0.3, 0.2]],
  [25, [0.3, 0.2, 0.3, 0.2]],
  [25.1, undefined],
])('at frame %f the box is %j', (frame, box) => {
  const [shown] = boxesAt(seen, frame, ['blank', 'animal', 'leopard']);
  expect(shown?.box.map((value) => Math.round(value * 1e6) / 1e6)).toEqual(box);
  if (box !== undefined) expect(shown).toMatchObject({ group: 'animal', says: 'animal 87 %' });
});
