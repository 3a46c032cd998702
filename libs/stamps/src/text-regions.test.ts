import { expect, it } from 'vitest';
import { textRegions } from './text-regions.ts';

const [width, height] = [60, 20];

/** A map with text of a probability in each box. */
function map(boxes: readonly (readonly [left: number, top: number, right: number, bottom: number, p: number])[]) {
  const data = new Float32Array(width * height);
  for (const [left, top, right, bottom, p] of boxes) {
    for (let y = top; y < bottom; y++) data.fill(p, y * width + left, y * width + right);
  }
  return { width, height, data };
}

it('finds words, row by row from the left, grown by what the model leaves out', () => {
  const found = textRegions(
    map([
      [40, 2, 52, 6, 0.9],
      [2, 12, 14, 16, 0.9],
      [4, 3, 12, 7, 0.9],
    ]),
  );
  // 8 x 4 grows by 1.5 * 32 / 24 = 2 on each side, 12 x 4 by 2.25.
  expect(found).toEqual([
    { left: 2, top: 1, right: 14, bottom: 9 },
    { left: 37.75, top: 0, right: 54.25, bottom: 8.25 },
    { left: 0, top: 9.75, right: 16.25, bottom: 18.25 },
  ]);
});

it('takes words that stand close together for one line', () => {
  const [line, ...others] = textRegions(
    map([
      [4, 3, 12, 7, 0.9],
      [18, 3, 26, 7, 0.9],
    ]),
  );
  expect([line, others]).toEqual([{ left: 2, top: 1, right: 28, bottom: 9 }, []]);
});

it('leaves out what is hardly text, and specks', () => {
  expect(
    textRegions(
      map([
        [4, 3, 12, 7, 0.5],
        [30, 3, 32, 5, 0.9],
      ]),
    ),
  ).toEqual([]);
});
