import { sharedData } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { benchHash } from './bench.ts';

const clip = sharedData('clips', 'dzanga_sangha_T10_Second_visit_T10_Second_visit_T10C2_01170043.MP4');

it.skipIf(clip === undefined)('reports every step of every round as plain data', async () => {
  const bench = await benchHash(clip!, { rounds: 2 });
  expect(JSON.parse(JSON.stringify(bench))).toEqual(bench);
  expect([bench.frames, bench.width, bench.height]).toEqual([163, 106, 60]);
  for (const { rounds, best, median } of [
    bench.decodeMs,
    bench.deliverMs,
    bench.totalMs,
    bench.ratio,
    ...Object.values(bench.perFrame),
  ]) {
    expect(rounds).toHaveLength(2);
    expect(best).toBe(Math.min(...rounds));
    expect(median).toBeCloseTo((rounds[0]! + rounds[1]!) / 2);
    expect(best).toBeGreaterThan(0);
  }
});
