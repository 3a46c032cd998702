import { expect, it } from 'vitest';
import { teachingOrder } from './teaching-order.ts';

/** Rows at angles on a circle. */
function circle(degrees: readonly number[]) {
  const data = Float32Array.from(
    degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)]),
  );
  return { data, rows: degrees.length, width: 2 };
}
const sure = [0.95, 0.05];
const unsure = [0.5, 0.5];

it('puts the uncertain before the certain, and the different before what is known', async () => {
  const rows = circle([0, 1, 40, 41, 80]);
  const order = (probabilities: number[][]) =>
    teachingOrder(rows, {
      probabilities: Float64Array.from(probabilities.flat()),
      classes: 2,
      labelled: [0],
      candidates: [1, 2, 4],
    });
  expect(await order([sure, sure, sure, sure, sure])).toEqual([4, 2, 1]);
  // What is next to a labelled clip is worth a look where nobody knows what it is.
  expect(await order([sure, unsure, sure, sure, sure])).toEqual([4, 1, 2]);
});

it('does not ask twice for the same: the second of two alike comes after one that is different', async () => {
  const rows = circle([0, 90, 90.5, 45]);
  const probabilities = Float64Array.from([sure, sure, sure, sure].flat());
  const order = await teachingOrder(rows, { probabilities, classes: 2, labelled: [0], candidates: [1, 2, 3] });
  expect(order).toEqual([2, 3, 1]);
});

it('gives every candidate once, however many, and refuses what does not fit', async () => {
  const rows = circle(Array.from({ length: 2500 }, (_, i) => i / 10));
  const candidates = Array.from({ length: 2499 }, (_, i) => i + 1);
  const probabilities = new Float64Array(5000).fill(0.5);
  const order = await teachingOrder(rows, { probabilities, classes: 2, labelled: [0], candidates });
  expect([order.length, new Set(order).size, order[0]]).toEqual([2499, 2499, 1800]);
  expect(await teachingOrder(rows, { probabilities, classes: 2, labelled: [0], candidates: [] })).toEqual([]);
  await expect(teachingOrder(rows, { probabilities, classes: 3, labelled: [0], candidates })).rejects.toThrow(
    RangeError,
  );
});
