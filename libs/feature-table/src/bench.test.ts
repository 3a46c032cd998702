import { expect, it } from 'vitest';
import { benchNeighbours } from './bench.ts';

it('measures the neighbours of made-up clips', async () => {
  const result = await benchNeighbours({ clips: 300, classes: 2 });
  expect(result).toMatchObject({ clips: 300, nets: 2, values: 300 * 2 * 15 * 2 });
  expect(result.seconds).toBeGreaterThan(0);
  expect(result.peakGB).toBeGreaterThan(0.05);
});
