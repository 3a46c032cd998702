import type { Sighting } from '@primatrix/contracts';
import { expect, it } from 'vitest';
import { seenSegments } from './seen-segments.ts';

const sighting = (from: number | null, to: number | null, rest: Partial<Sighting> = {}): Sighting => ({
  group: 'animal',
  name: 'bear',
  score: 0.8,
  from,
  to,
  boxes: [{ frame: from ?? 0, box: [0.1, 0.2, 0.3, 0.4], score: 0.8 }],
  ...rest,
});
const seen = (...sightings: Sighting[]) => ({ model: 'm 1', looks: [0], sightings });

it('joins what overlaps or nearly follows, and counts what is there at once', () => {
  const segments = seenSegments(
    seen(sighting(0, 4), sighting(0, 2), sighting(5, 6), sighting(20, 21), sighting(0, 30, { group: 'person' })),
    'animal',
    0.5,
  );
  expect(segments.map(({ from, to, count }) => [from, to, count])).toEqual([
    [0, 6, 2],
    [20, 21, 1],
  ]);
});

it('falls back on the surest sighting where none reaches the threshold', () => {
  const weak = sighting(3, 4, { score: 0.3 });
  expect(seenSegments(seen(sighting(0, 1, { score: 0.2 }), weak), 'animal', 0.5).map(({ from }) => from)).toEqual([3]);
  expect(seenSegments(seen(weak), 'vehicle', 0.5)).toEqual([]);
});

it('has no times where a picture has none', () => {
  expect(seenSegments(seen(sighting(null, null)), 'animal', 0.5)).toMatchObject([{ from: null, to: null, count: 1 }]);
});
