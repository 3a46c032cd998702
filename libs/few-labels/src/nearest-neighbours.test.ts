import { expect, it } from 'vitest';
import { clusters, shareRight } from './clusters.fixture.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';

it('lets the nearest by angle vote, and one vote for all classes', async () => {
  const known = {
    data: Float32Array.of(1, 0, 0, 2),
    rows: 2,
    width: 2,
    labels: Uint8Array.of(1, 0, 0, 0, 1, 0),
    classes: 3,
  };
  // Two labelled clips: k = 1. Long or short does not matter.
  const predicted = await nearestNeighbours(known, { data: Float32Array.of(9, 1, 0, 0.1), rows: 2, width: 2 });
  const [sure, rest] = [(1 + 1 / 3) / 2, 1 / 3 / 2];
  [sure, rest, rest, rest, sure, rest].forEach((p, i) => expect(predicted[i]).toBeCloseTo(p, 6));
});

it('weighs votes by the cosine', async () => {
  // Six labelled clips: k = 2. The second nearest is at a cosine of 0.8: exp(-0.2 / 0.07) of a vote.
  const far = [-1, 0, -1, 0, -1, 0, -1, 0];
  const known = {
    data: Float32Array.of(1, 0, 0.8, 0.6, ...far),
    rows: 6,
    width: 2,
    labels: Uint8Array.of(1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1),
    classes: 2,
  };
  const vote = Math.exp(-0.2 / 0.07);
  const [first] = await nearestNeighbours(known, { data: Float32Array.of(1, 0), rows: 1, width: 2 });
  expect(first).toBeCloseTo(1.5 / (2 + vote), 5);
});

it('tells clusters apart, in more rows than are looked at in one go', async () => {
  const known = clusters({ classes: 5, each: 3, width: 16, spread: 0.3 });
  const others = clusters({ classes: 5, each: 300, width: 16, spread: 0.3 });
  expect(shareRight(await nearestNeighbours(known, others), others)).toBeGreaterThan(0.95);
});

it('refuses rows of another width', async () => {
  const known = clusters({ classes: 2, each: 1, width: 3, spread: 1 });
  await expect(nearestNeighbours(known, { data: new Float32Array(2), rows: 1, width: 2 })).rejects.toThrow('3 wide');
});
