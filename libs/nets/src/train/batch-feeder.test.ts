import { Rng } from '@primatrix/rng';
import { expect, test } from 'vitest';
import { BatchFeeder, drawMask } from './batch-feeder.ts';
import { SampleCache, type Sample } from './sample.ts';

const counting = (shape: number[], from = 0): Sample['tensor'] => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => from + i),
});

function feeder(
  samples: Sample[],
  size: number[],
  settings: ConstructorParameters<typeof BatchFeeder>[0]['settings'],
  seed = 1,
): BatchFeeder {
  return new BatchFeeder({ samples, cache: new SampleCache(0), size, classes: 2, seed, padding: 'repeat', settings });
}

test('each pass takes every sample once, with its own labels, and batches run on from pass to pass', async () => {
  const samples = Array.from({ length: 6 }, (_, i) => ({
    tensor: counting([1, 1], i),
    labels: Uint8Array.of(i % 2, 1),
  }));
  const feed = feeder(samples, [1, 1], { batch: 4, augment: undefined });
  const seen: number[] = [];
  for (let step = 0; step < 6; step++) {
    const { x, labels } = await feed.fill(step);
    x.forEach((value, i) => expect([labels[2 * i], labels[2 * i + 1]]).toEqual([value % 2, 1]));
    seen.push(...x);
  }
  for (let pass = 0; pass < 4; pass++) expect(seen.slice(6 * pass, 6 * pass + 6).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(seen.slice(0, 6)).not.toEqual(seen.slice(6, 12));
});

test('a batch follows from seed and step alone', async () => {
  const samples = Array.from({ length: 5 }, (_, i) => ({ tensor: counting([20, 2], 100 * i) }));
  const settings = { batch: 3, augment: { flip: true, channelShift: 2 } };
  const first = feeder(samples, [4, 2], settings);
  await first.fill(0);
  const ninth = Float32Array.from((await first.fill(9)).x);
  expect((await feeder(samples, [4, 2], settings).fill(9)).x).toEqual(ninth);
  expect((await feeder(samples, [4, 2], settings, 2).fill(9)).x).not.toEqual(ninth);
});

test('flips mirror the width, shifts move whole channels', async () => {
  const samples = [{ tensor: counting([1, 2, 3, 2]) }];
  const flipped: boolean[] = [];
  for (let step = 0; step < 30; step++) {
    const { x } = await feeder(samples, [1, 2, 3, 2], { batch: 1, augment: { flip: true, channelShift: 3 } }).fill(
      step,
    );
    const channel = (c: number) => [...x].filter((_, i) => i % 2 === c);
    const mirrored = (channel(0)[0] as number) > (channel(0)[2] as number);
    flipped.push(mirrored);
    for (const c of [0, 1]) {
      const rows = mirrored ? [4, 2, 0, 10, 8, 6] : [0, 2, 4, 6, 8, 10];
      const shifts = channel(c).map((value, i) => value - c - (rows[i] as number));
      shifts.forEach((shift) => expect(shift).toBeCloseTo(shifts[0] as number, 5));
      expect(Math.abs(shifts[0] as number)).toBeLessThanOrEqual(3.001);
    }
  }
  expect(new Set(flipped).size).toBe(2);
});

test('masks drop the asked share and keep the mean', () => {
  const mask = new Float32Array(40_000);
  drawMask(mask, 0.3, new Rng(1));
  expect([...new Set(mask)].sort()).toEqual([0, Math.fround(1 / 0.7)]);
  expect(mask.reduce((a, b) => a + b, 0) / mask.length).toBeCloseTo(1, 1);
});

test('clips are drawn with replacement where that is asked for, and follow from the step', async () => {
  const samples = Array.from({ length: 6 }, (_, i) => ({ tensor: counting([1, 1], i) }));
  const settings = { batch: 6, augment: undefined, draw: 'replacement' } as const;
  const drawn: number[][] = [];
  for (let step = 0; step < 40; step++) drawn.push([...(await feeder(samples, [1, 1], settings).fill(step)).x]);
  expect(drawn.some((batch) => new Set(batch).size < 6)).toBe(true);
  expect(new Set(drawn.flat()).size).toBe(6);
  expect([...(await feeder(samples, [1, 1], settings).fill(7)).x]).toEqual(drawn[7]);
});

test('whole shifts are whole, reach both ends, and leave no value beyond 0 and 255', async () => {
  const samples = [{ tensor: { dtype: 'float32', shape: [1, 3, 1], data: Float32Array.of(1, 100, 254) } as const }];
  const settings = { batch: 1, augment: { flip: false, channelShift: 3, whole: true } };
  const shifts = new Set<number>();
  for (let step = 0; step < 80; step++) {
    const x = [...(await feeder(samples, [1, 3, 1], settings).fill(step)).x];
    const shift = (x[1] as number) - 100;
    shifts.add(shift);
    expect(x).toEqual([Math.max(0, 1 + shift), 100 + shift, Math.min(255, 254 + shift)]);
  }
  expect([...shifts].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
});

test('a short clip lies at a random place among zeros where that is asked for, else at the start', async () => {
  const samples = [{ tensor: counting([2, 2], 1) }];
  const places = new Set<number>();
  for (let step = 0; step < 60; step++) {
    const x = [...(await feeder(samples, [5, 2], { batch: 1, augment: undefined, shiftShort: true }).fill(step)).x];
    const at = x.indexOf(1);
    places.add(at / 2);
    expect(x).toEqual([...Array<number>(at).fill(0), 1, 2, 3, 4, ...Array<number>(6 - at).fill(0)]);
  }
  expect([...places].sort()).toEqual([0, 1, 2, 3]);
  const [first] = (await feeder(samples, [5, 2], { batch: 1, augment: undefined }).fill(0)).x;
  expect(first).toBe(1);
});
