import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '@primatrix/rng';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Booster, Dataset, train, XgboostDisposedError, XgboostInputError, XgboostModelError } from './index.ts';
import type { Matrix, XgboostParams } from './index.ts';

const columns = 6;
const params: XgboostParams = { objective: 'multi:softprob', num_class: 3, max_depth: 3, tree_method: 'exact' };

/** Three classes by the sum of the first two columns; a tenth of the values is missing. */
function threeClasses(rows: number, seed: number): { matrix: Matrix; labels: Float32Array } {
  const rng = Rng.of(seed, 'three classes');
  const data = new Float32Array(rows * columns);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      data[row * columns + column] = column > 1 && rng.uniform() < 0.1 ? Number.NaN : rng.normal();
    }
    const sum = (data[row * columns] ?? 0) + (data[row * columns + 1] ?? 0);
    labels[row] = sum < -0.6 ? 0 : sum < 0.6 ? 1 : 2;
  }
  return { matrix: { data, rows, columns }, labels };
}

const test = threeClasses(400, 2);
let booster: Booster;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xgboost-ts-'));
  const { matrix, labels } = threeClasses(1500, 1);
  using dataset = await Dataset.create({ ...matrix, labels, featureNames: ['a', 'b', 'c', 'd', 'e', 'ü'] });
  booster = await train({ params, train: dataset, rounds: 40, seed: 1, threads: 2 });
});

afterAll(async () => {
  booster.dispose();
  await rm(folder, { recursive: true });
});

describe('predict', () => {
  it('learns a separable problem of three classes', async () => {
    const { data, shape } = await booster.predict(test.matrix);
    expect(shape).toEqual([400, 3]);
    let right = 0;
    for (let row = 0; row < 400; row++) {
      const scores = [...data.subarray(row * 3, row * 3 + 3)];
      expect(scores.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      if (scores.indexOf(Math.max(...scores)) === test.labels[row]) right++;
    }
    expect(right / 400).toBeGreaterThan(0.93);
  });

  it('gives the same for rows, columns and doubles', async () => {
    const { data, rows } = test.matrix;
    const byColumn = new Float64Array(data.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) byColumn[column * rows + row] = data[row * columns + column] ?? Number.NaN;
    }
    const expected = await booster.predict(test.matrix);
    const got = await booster.predict({ data: byColumn, rows, columns, layout: 'column' });
    expect(got.data).toEqual(expected.data);
  });

  it('has contributions that sum up to the raw score', async () => {
    const raw = await booster.predict(test.matrix, { type: 'raw' });
    const contributions = await booster.predict(test.matrix, { type: 'contributions' });
    expect(contributions.shape).toEqual([400, 3, columns + 1]);
    for (const [index, score] of raw.data.entries()) {
      const parts = contributions.data.subarray(index * (columns + 1), (index + 1) * (columns + 1));
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 4);
    }
  });

  it('numbers leaves by round, class and parallel tree', async () => {
    const { data, shape } = await booster.predict(test.matrix, { type: 'leaf', rounds: 5 });
    expect(shape).toEqual([400, 5, 3, 1]);
    expect(data.every((leaf) => Number.isInteger(leaf) && leaf >= 0 && leaf < 15)).toBe(true);
  });

  it('uses only the first rounds when asked', async () => {
    const few = await booster.predict(test.matrix, { rounds: 3 });
    const all = await booster.predict(test.matrix);
    expect(few.data).not.toEqual(all.data);
    await expect(booster.predict(test.matrix, { rounds: 41 })).rejects.toThrow(XgboostInputError);
  });

  it('refuses another number of columns', async () => {
    await expect(booster.predict({ data: new Float32Array(10), rows: 2, columns: 5 })).rejects.toThrow(/trained on 6 columns, got 5/);
    await expect(booster.predict({ data: new Float32Array(11), rows: 2, columns: 6 })).rejects.toThrow(XgboostInputError);
  });
});

describe('model', () => {
  it.each(['ubj', 'json'] as const)('goes through a booster unchanged as %s, and predictions stay the same to the last bit', async (format) => {
    const bytes = await booster.toBytes(format);
    using again = await Booster.fromBytes(bytes);
    expect(Buffer.compare(await again.toBytes(format), bytes)).toBe(0);
    expect([again.rounds, again.outputs, again.columns, again.featureNames]).toEqual([40, 3, 6, ['a', 'b', 'c', 'd', 'e', 'ü']]);
    expect((await again.predict(test.matrix)).data).toEqual((await booster.predict(test.matrix)).data);
  });

  it.each(['model.json', 'model.ubj'])('is saved whole as %s and loaded again', async (name) => {
    const path = join(folder, name.slice(6), name);
    await booster.save(path);
    expect(await readdir(join(folder, name.slice(6)))).toEqual([name]);
    expect((await readFile(path))[1]).toBe(name.endsWith('json') ? '"'.charCodeAt(0) : 'L'.charCodeAt(0));
    using again = await Booster.load(path);
    expect((await again.predict(test.matrix, { type: 'raw' })).data).toEqual((await booster.predict(test.matrix, { type: 'raw' })).data);
  });

  it('is refused when the file is damaged', async () => {
    const path = join(folder, 'damaged.json');
    const text = await booster.toText();
    await writeFile(path, text.slice(0, text.length / 2));
    await expect(Booster.load(path)).rejects.toThrow(XgboostModelError);
    await expect(Booster.load(join(folder, 'absent.json'))).rejects.toThrow(/ENOENT/);
  });

  it('tells what the library itself finds wrong', async () => {
    const text = (await booster.toText()).replace('multi:softprob', 'multi:softprop');
    await expect(Booster.fromText(text)).rejects.toThrow(/Unknown objective function: `multi:softprop`/);
    await expect(Booster.fromText(text)).rejects.toThrow(XgboostModelError);
  });
});

it('tells which columns matter', async () => {
  const gain = [...(await booster.featureImportance('gain'))];
  const split = [...(await booster.featureImportance('split'))];
  const mean = [...(await booster.featureImportance('meanGain'))];
  const cover = [...(await booster.featureImportance('cover'))];
  expect(Math.min(gain[0] ?? 0, gain[1] ?? 0)).toBeGreaterThan(5 * Math.max(...gain.slice(2)));
  expect(split.every(Number.isInteger)).toBe(true);
  for (const [column, total] of gain.entries()) expect((mean[column] ?? 0) * (split[column] ?? 0)).toBeCloseTo(total, 0);
  expect(Math.min(cover[0] ?? 0, cover[1] ?? 0)).toBeGreaterThan(Math.max(...cover.slice(2)));
});

it('cannot be used after it was disposed of, but lets running work end', async () => {
  const other = await Booster.fromBytes(await booster.toBytes());
  const running = other.predict(test.matrix);
  other.dispose();
  other.dispose();
  expect((await running).data).toEqual((await booster.predict(test.matrix)).data);
  await expect(other.predict(test.matrix)).rejects.toThrow(XgboostDisposedError);
  await expect(other.toText()).rejects.toThrow(XgboostDisposedError);
});

it('gives memory back', async () => {
  const { matrix, labels } = threeClasses(20_000, 3);
  const text = await booster.toText();
  const once = async (): Promise<void> => {
    using dataset = await Dataset.create({ ...matrix, labels, threads: 2 });
    using trained = await train({ params, train: dataset, rounds: 1, threads: 2 });
    using loaded = await Booster.fromText(text);
    await trained.predict(matrix);
    await loaded.predict(matrix);
  };
  for (let warmUp = 0; warmUp < 5; warmUp++) await once();
  const before = process.memoryUsage().rss;
  for (let turn = 0; turn < 25; turn++) await once();
  // Kept datasets and boosters would be about 2 MB a turn.
  expect(process.memoryUsage().rss - before).toBeLessThan(30e6);
});
