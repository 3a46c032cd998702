import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noisyClasses } from '@primatrix/boosting/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Booster, Dataset, train, XgboostModelError } from './index.ts';

// What only XGBoost has or does; what all tree libraries must do is in conformance.test.ts.

const tables = noisyClasses();
let booster: Booster;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xgboost-ts-'));
  using dataset = await Dataset.create(tables.train);
  booster = await train({
    params: { objective: 'multi:softprob', num_class: 3, max_depth: 3, tree_method: 'exact' },
    train: dataset,
    rounds: 10,
    seed: 1,
    threads: 2,
  });
});

afterAll(async () => {
  booster.dispose();
  await rm(folder, { recursive: true });
});

describe('model', () => {
  it.each(['ubj', 'json'] as const)(
    'goes through a booster unchanged as %s, and predictions stay the same to the last bit',
    async (format) => {
      const bytes = await booster.toBytes(format);
      using again = await Booster.fromBytes(bytes);
      expect(Buffer.compare(await again.toBytes(format), bytes)).toBe(0);
      expect((await again.predict(tables.valid)).data).toEqual((await booster.predict(tables.valid)).data);
    },
  );

  it.each(['model.json', 'model.ubj'])('is saved whole as %s and loaded again', async (name) => {
    const path = join(folder, name.slice(6), name);
    await booster.save(path);
    expect(await readdir(join(folder, name.slice(6)))).toEqual([name]);
    expect((await readFile(path))[1]).toBe(name.endsWith('json') ? '"'.charCodeAt(0) : 'L'.charCodeAt(0));
    using again = await Booster.load(path);
    expect((await again.predict(tables.valid, { type: 'raw' })).data).toEqual(
      (await booster.predict(tables.valid, { type: 'raw' })).data,
    );
  });

  it('tells what the library itself finds wrong', async () => {
    const text = (await booster.toText()).replace('multi:softprob', 'multi:softprop');
    await expect(Booster.fromText(text)).rejects.toThrow(/Unknown objective function: `multi:softprop`/);
    await expect(Booster.fromText(text)).rejects.toThrow(XgboostModelError);
  });
});

it('tells gain as a sum and a mean, and how many rows a column decides', async () => {
  const [gain, split, mean, cover] = await Promise.all(
    (['gain', 'split', 'meanGain', 'cover'] as const).map((type) => booster.featureImportance(type)),
  );
  for (const [column, total] of (gain ?? []).entries()) {
    expect((mean?.[column] ?? 0) * (split?.[column] ?? 0)).toBeCloseTo(total, 0);
  }
  expect(Math.min(cover?.[0] ?? 0, cover?.[1] ?? 0)).toBeGreaterThan(Math.max(...(cover?.slice(2) ?? [])));
});
