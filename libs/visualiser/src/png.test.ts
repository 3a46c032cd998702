import { writeFile } from 'node:fs/promises';
import { Rng } from '@primatrix/rng';
import { temporaryFolder } from '@primatrix/testkit';
import { openFrames } from '@primatrix/video';
import { expect, it } from 'vitest';
import { encodePng } from './png.ts';
import { Raster } from './raster.ts';

it.each([
  [1, 1],
  [33, 17],
  [256, 3],
])('a %d x %d picture is what another decoder reads', async (width, height) => {
  await using folder = await temporaryFolder();
  const picture = new Raster(width, height);
  const rng = Rng.of(1, 'png');
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = rng.int(256);
  await writeFile(folder.join('p.png'), encodePng(picture));
  const stream = await openFrames(folder.join('p.png'));
  const frames = [];
  for await (const frame of stream) {
    frames.push({ width: frame.width, height: frame.height, rgb: Buffer.from(frame.rgb()) });
  }
  expect(frames).toEqual([{ width, height, rgb: Buffer.from(picture.data) }]);
});
