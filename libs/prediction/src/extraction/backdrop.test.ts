import { temporaryFolder } from '@primatrix/testkit';
import { encodeClip } from '@primatrix/video';
import { noWeights, type FeatureExtractor } from '@primatrix/families';
import { expect, it } from 'vitest';
import { backdropColumns, backdropRows } from './backdrop.ts';
import { extractFile } from './extract-file.ts';

const [width, height] = [64, 36];

/** Left half 40, right half 200; a white square passes from left to right. */
function* pictures(count: number): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    const picture = new Uint8Array(width * height * 3);
    for (let at = 0; at < width * height; at++) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const passes = y > 8 && y < 28 && x >= i * 2 && x < i * 2 + 12;
      picture.fill(passes ? 255 : x < width / 2 ? 40 : 200, at * 3, at * 3 + 3);
    }
    yield picture;
  }
}

const family = (pixels: 'color' | 'none'): FeatureExtractor => ({
  weights: noWeights,
  pixels,
  start: () => ({
    wants: () => false,
    push: () => undefined,
    finish: async () => ({ tensor: { dtype: 'uint8', shape: [0], data: new Uint8Array() }, row: {} }),
  }),
  dispose: async () => undefined,
});

it('is what stays in the picture, made beside what others want, and no feature', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('a.mp4');
  await encodeClip({ out: path, width, height, fps: 10, crf: 1, frames: pictures(30) });
  const look = (pixels: 'color' | 'none') =>
    extractFile({ filename: 'a.mp4', path }, new Map([['f', family(pixels)]]), new AbortController().signal);
  const { backdrop, features } = await look('color');
  expect([...features.keys()]).toEqual(['f']);
  expect(backdrop).toHaveLength(backdropColumns * backdropRows);
  backdrop?.forEach((grey, cell) => {
    const wanted = cell % backdropColumns < backdropColumns / 2 ? 40 : 200;
    expect(Math.abs(grey - wanted)).toBeLessThan(12);
  });
  // Nobody wants pictures: none are decoded for this alone.
  expect((await look('none')).backdrop).toBeUndefined();
});
