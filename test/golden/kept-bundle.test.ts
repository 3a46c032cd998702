import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { run } from '../support/primatrix.ts';
import { writeRawAvi } from '../support/raw-avi.ts';

const kept = join(import.meta.dirname, 'bundle-schema-2');
/** Columns before the classes: the name, and what became of the clip. */
const facts = 6;

/** Processors and versions of ONNX Runtime add up in other orders. */
const rounding = 1e-6;
const [width, height] = [160, 96];

/** Something bright that walks, or hangs about, before a forest that stirs; of integers alone. */
function clipOf(number: number): Uint8Array[] {
  let state = 17 + number;
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const forest = Array.from({ length: width * height }, (_, i) => 60 + ((i >> 3) % 40) + next(30 + 10 * number));
  return Array.from({ length: 40 + 7 * number }, (_, t) => {
    const picture = new Uint8Array((width * height * 3) / 2).fill(128);
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const [across, down] = [x - ((t * (number + 1)) % width), y - 40 - ((t * number) % 20)];
      const inside = across * across + down * down < 100 + 150 * number;
      picture[i] = inside ? 200 - (across & 15) : (forest[i] as number) + next(3);
    }
    return picture;
  });
}

/** Of a table in which nothing is quoted: its header too. */
async function rowsOf(path: string): Promise<string[][]> {
  return (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}

it('a bundle of format 2 goes on to predict what it predicted', async () => {
  await using folder = await temporaryFolder();
  const [header = [], ...before] = await rowsOf(join(kept, 'predictions.csv'));
  const clips = before.map(([filename = '']) => folder.join(filename));
  for (const [number, path] of clips.entries()) {
    await writeRawAvi(path, { width, height, fps: 8, frames: clipOf(number) });
  }
  const out = folder.join('predictions.csv');
  const predicted = await run(['predict', ...clips, '--bundle', join(kept, 'bundle'), '--out', out]);
  expect(predicted.status, predicted.stderr).toBe(0);
  const [headerNow, ...now] = await rowsOf(out);
  expect(headerNow).toEqual(header);
  expect(now.map((row) => row.slice(0, facts))).toEqual(before.map((row) => row.slice(0, facts)));
  for (const [i, row] of before.entries()) {
    for (const [column, value] of row.entries()) {
      if (column < facts) continue;
      const difference = Math.abs(Number(now[i]?.[column]) - Number(value));
      expect(difference, `${row[0]} ${header[column]}`).toBeLessThan(rounding);
    }
  }
});
