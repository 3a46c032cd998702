import { expect, it } from 'vitest';
import { blurAreas } from './blur-picture.ts';

const [width, height] = [80, 60];
const area = { left: 0.25, top: 0.2, right: 0.75, bottom: 0.8 };
const inside = (x: number, y: number) => x >= 20 && x < 60 && y >= 12 && y < 48;

/** Noise of a seed; the same everywhere outside of the area. */
function noise(seed: number): Uint8Array {
  let state = 1;
  let own = seed;
  const next = (value: number) => (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    state = next(state);
    own = next(own);
    const pixel = Math.floor(i / 3);
    return (inside(pixel % width, Math.floor(pixel / width)) ? own : state) >>> 24;
  });
}

function valuesOf(data: Uint8Array, isIn: boolean): number[] {
  return [...data].filter((_, i) => {
    const pixel = Math.floor(i / 3);
    return inside(pixel % width, Math.floor(pixel / width)) === isIn;
  });
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

it('leaves nothing of noise inside but its colour, and all outside to the byte', () => {
  const picture = { width, height, data: noise(7) };
  blurAreas(picture, [area]);
  expect(variance(valuesOf(noise(7), true))).toBeGreaterThan(5000);
  expect(variance(valuesOf(picture.data, true))).toBeLessThan(128);
  expect(valuesOf(picture.data, false)).toEqual(valuesOf(noise(7), false));
});

it('makes the same of pictures whose cells have the same means: what differs cannot be had back', () => {
  const of = (turn: (x: number, y: number) => boolean) => {
    const data = noise(7);
    for (let y = 12; y < 48; y++) {
      // Cells are 10 x 9 pixels: stripes within them, each light or dark.
      for (let x = 20; x < 60; x++) data.fill(turn(x, y) ? 240 : 0, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
    return { width, height, data };
  };
  const [one, other] = [of((x) => x % 2 === 0), of((x, y) => (x + (y % 2)) % 2 === 1)];
  expect(one.data).not.toEqual(other.data);
  blurAreas(one, [area]);
  blurAreas(other, [area]);
  expect(one.data).toEqual(other.data);
});

it.each([
  [{ left: 0, top: 0, right: 1, bottom: 1 }],
  [{ left: -1, top: -1, right: 2, bottom: 2 }],
  [{ left: 0.98, top: 0.97, right: 1, bottom: 1 }],
  [{ left: 0.5, top: 0.5, right: 0.5, bottom: 0.5 }],
])('takes %j', (odd) => {
  const picture = { width, height, data: new Uint8Array(width * height * 3).fill(200) };
  blurAreas(picture, [odd]);
  expect(picture.data).toHaveLength(width * height * 3);
  expect(picture.data.every((value) => value === 192 || value === 200 || value === 208)).toBe(true);
});
