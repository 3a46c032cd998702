import { Rng } from '@primatrix/rng';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dataset, LightgbmDisposedError, LightgbmError, LightgbmInputError, train } from './index.ts';
import type { LightgbmParams, RoundInfo, TrainOptions } from './index.ts';

const rows = 1200;
const columns = 4;
const rng = Rng.of(1, 'noisy classes');
const data = Float32Array.from({ length: rows * columns }, () => rng.normal());
/** A third of the labels is chance, so that validation loss rises again. */
const labels = Float32Array.from({ length: rows }, (_, row) =>
  rng.uniform() < 0.33 ? rng.int(3) : (data[row * columns] ?? 0) < -0.4 ? 0 : (data[row * columns + 1] ?? 0) < 0.4 ? 1 : 2,
);
const half = rows / 2;
const trainTable = { data: data.subarray(0, half * columns), rows: half, columns, labels: labels.subarray(0, half) };
const validTable = { data: data.subarray(half * columns), rows: half, columns, labels: labels.subarray(half) };
const params: LightgbmParams = { objective: 'multiclass', num_class: 3, num_leaves: 15, min_data_in_leaf: 5 };

let trainSet: Dataset;
let validSet: Dataset;

beforeAll(async () => {
  trainSet = await Dataset.create({ ...trainTable, threads: 2 });
  validSet = await Dataset.create({ ...validTable, reference: trainSet, threads: 2 });
});

afterAll(() => {
  trainSet.dispose();
  validSet.dispose();
});

const options = (more: Partial<TrainOptions>): TrainOptions => ({ params, train: trainSet, rounds: 10, threads: 2, ...more });

describe('rounds', () => {
  it('stops early and keeps the best round', async () => {
    const losses: number[] = [];
    let last: RoundInfo | undefined;
    using booster = await train(options({
      valid: { valid: validSet },
      rounds: 500,
      earlyStopping: { rounds: 8 },
      onRound: (info) => {
        losses.push(info.metrics['valid']?.['multi_logloss'] ?? Number.NaN);
        last = info;
      },
    }));
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(losses.length).toBe(best + 8);
    expect([booster.rounds, last?.bestRound, last?.bestScore]).toEqual([best, best, Math.min(...losses)]);
    // The kept rounds give the loss that was measured at the best one.
    const { data: scores } = await booster.predict(validTable);
    const loss = validTable.labels.reduce((sum, label, row) => sum - Math.log(scores[row * 3 + label] ?? 0), 0) / half;
    expect(loss).toBeCloseTo(Math.min(...losses), 6);
  });

  it('follows the metric it is told, upwards where more is better', async () => {
    let last: RoundInfo | undefined;
    using booster = await train(options({
      params: { objective: 'binary', metric: ['binary_logloss', 'auc'], num_leaves: 15 },
      train: await binary(trainTable),
      valid: { valid: await binary(validTable, trainSet) },
      rounds: 300,
      earlyStopping: { rounds: 10, metric: 'auc' },
      onRound: (info) => void (last = info),
    }));
    expect(booster.outputs).toBe(1);
    expect(last?.bestScore).toBeGreaterThan(0.7);
    expect(last?.bestScore).toBeGreaterThanOrEqual(last?.metrics['valid']?.['auc'] ?? 1);
  });

  it('measures the training set when it is given as a validation set', async () => {
    const seen: (readonly string[])[] = [];
    const falling: number[] = [];
    (await train(options({
      valid: { self: trainSet, valid: validSet },
      onRound: (info) => {
        seen.push(Object.keys(info.metrics));
        falling.push(info.metrics['self']?.['multi_logloss'] ?? Number.NaN);
      },
    }))).dispose();
    expect(seen[9]).toEqual(['self', 'valid']);
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
  });

  it('ends when onRound says so, and between rounds when the signal does', async () => {
    using booster = await train(options({ onRound: ({ round }) => (round === 3 ? 'stop' : undefined) }));
    expect(booster.rounds).toBe(3);
    const controller = new AbortController();
    const rounds: number[] = [];
    const aborted = train(options({
      rounds: 10_000,
      signal: controller.signal,
      onRound: ({ round }) => {
        rounds.push(round);
        if (round === 5) setTimeout(() => controller.abort(new Error('enough')), 0);
      },
    }));
    await expect(aborted).rejects.toThrow('enough');
    expect(rounds.length).toBeLessThan(10_000);
  });

  it('lets the event loop live', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    (await train(options({ rounds: 60 }))).dispose();
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });

  it('measures what it is asked to, and can follow it', async () => {
    let last: RoundInfo | undefined;
    const rightShare = (scores: Float64Array): Record<string, number> => {
      const right = validTable.labels.filter((label, row) => [0, 1, 2].every((output) => (scores[output * half + row] ?? 0) <= (scores[label * half + row] ?? 0)));
      return { right: right.length / half };
    };
    using booster = await train(options({
      params: { ...params, metric: 'multi_error' }, valid: { valid: validSet }, rounds: 60, evaluate: rightShare,
      earlyStopping: { rounds: 10, metric: 'right', maximise: true },
      onRound: (info) => {
        last = info;
        expect((info.metrics['valid']?.['right'] ?? 0) + (info.metrics['valid']?.['multi_error'] ?? 0)).toBeCloseTo(1, 2);
      },
    }));
    expect(booster.rounds).toBe(last?.bestRound);
    expect(last?.bestScore).toBeGreaterThan(0.6);
  });

  it('goes on from an earlier booster', async () => {
    using first = await train(options({ rounds: 6, seed: 3 }));
    const more = { ...trainTable, initialScores: await first.initialScores(trainTable) };
    using continued = await Dataset.create(more);
    using booster = await train(options({ train: continued, from: first, rounds: 4, seed: 3 }));
    using whole = await train(options({ rounds: 10, seed: 3 }));
    expect(booster.rounds).toBe(10);
    const [a, b] = [await booster.predict(validTable, { type: 'raw' }), await whole.predict(validTable, { type: 'raw' })];
    const difference = Math.max(...a.data.map((value, index) => Math.abs(value - (b.data[index] ?? Number.NaN))));
    expect(difference).toBeLessThan(1e-4);
    await expect(train(options({ from: first }))).rejects.toThrow(/initial scores/);
  });
});

describe('objectives', () => {
  it('fits a regression, with missing values told apart', async () => {
    const x = Float64Array.from({ length: 900 }, (_, row) => (row % 3 === 0 ? Number.NaN : row / 900));
    const y = x.map((value) => (Number.isNaN(value) ? 5 : value));
    using dataset = await Dataset.create({ data: x, rows: 900, columns: 1, labels: y });
    using booster = await train({ params: { objective: 'regression' }, train: dataset, rounds: 80, threads: 2 });
    const { data: fitted, shape } = await booster.predict({ data: Float64Array.of(Number.NaN, 0.2, 0.8), rows: 3, columns: 1 });
    expect(shape).toEqual([3, 1]);
    expect(fitted[0]).toBeCloseTo(5, 1);
    expect(fitted[1]).toBeCloseTo(0.2, 1);
    expect(fitted[2]).toBeCloseTo(0.8, 1);
  });

  it('splits categories as sets', async () => {
    const category = Float32Array.from({ length: 1000 }, (_, row) => row % 20);
    const odd = category.map((value) => ((value * 7) % 20) % 2);
    using dataset = await Dataset.create({ data: category, rows: 1000, columns: 1, labels: odd, featureNames: ['site'], categorical: ['site'] });
    using booster = await train({ params: { objective: 'binary', num_leaves: 2 }, train: dataset, rounds: 30, threads: 2 });
    expect(await booster.toText()).toContain('[categorical_feature: 0]');
    const { data: chance } = await booster.predict({ data: category, rows: 1000, columns: 1 });
    expect(chance.every((value, row) => Math.round(value) === odd[row])).toBe(true);
  });

  it('takes the gradients of a custom one', async () => {
    const target = Float32Array.from({ length: half }, (_, row) => (data[row * columns] ?? 0) * 2);
    using dataset = await Dataset.create({ ...trainTable, labels: target });
    const custom: LightgbmParams = { objective: 'custom', boost_from_average: false };
    using booster = await train({
      params: custom, train: dataset, rounds: 50, threads: 2,
      gradients: (scores, gradients, hessians) => {
        for (const [index, score] of scores.entries()) gradients[index] = score - (target[index] ?? 0);
        hessians.fill(1);
      },
    });
    using native = await train({ params: { objective: 'regression', boost_from_average: false }, train: dataset, rounds: 50, threads: 2 });
    const [own, theirs] = [await booster.predict(trainTable), await native.predict(trainTable)];
    expect(Math.max(...own.data.map((value, index) => Math.abs(value - (theirs.data[index] ?? Number.NaN))))).toBeLessThan(1e-3);
    await expect(train({ params: custom, train: dataset, rounds: 1 })).rejects.toThrow(LightgbmInputError);
  });
});

describe('repeatability', () => {
  const random: LightgbmParams = { ...params, bagging_fraction: 0.7, bagging_freq: 1, feature_fraction: 0.6 };

  it('gives the same model text for the same seed', async () => {
    const text = async (seed: number, threads: number): Promise<string> => {
      using booster = await train(options({ params: random, seed, threads }));
      return booster.toText();
    };
    const first = await text(7, 2);
    expect(await text(7, 2)).toBe(first);
    // Threads are noted among the parameters, but the trees are the same.
    expect((await text(7, 1)).split('end of trees')[0]).toBe(first.split('end of trees')[0]);
    expect((await text(8, 2)).split('end of trees')[0]).not.toBe(first.split('end of trees')[0]);
  });

  it('trains two boosters at once as it trains them one after another', async () => {
    const both = await Promise.all([train(options({ seed: 1 })), train(options({ seed: 2, params: random }))]);
    const alone = [await train(options({ seed: 1 })), await train(options({ seed: 2, params: random }))];
    for (const [index, booster] of both.entries()) expect(await booster.toText()).toBe(await alone[index]?.toText());
    for (const booster of [...both, ...alone]) booster.dispose();
  });
});

describe('mistakes', () => {
  it('tells the library’s own words', async () => {
    const error: unknown = await train(options({ params: { ...params, num_class: 2 } })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LightgbmError);
    expect(error).toMatchObject({ code: 'LIGHTGBM_NATIVE', fields: { call: 'LGBM_BoosterCreate', reason: 'Label must be in [0, 2), but found 2 in label' } });
    await expect(train(options({ params: { ...params, learning_rate: -1 } }))).rejects.toThrow(/learning_rate/);
  });

  it('suggests the name that was meant', async () => {
    await expect(train(options({ params: { num_leafs: 4 } as LightgbmParams }))).rejects.toMatchObject({ hint: expect.stringContaining("'num_leaves'") });
    await expect(train(options({ params: { subsample: 0.5 } as LightgbmParams }))).rejects.toMatchObject({ hint: expect.stringContaining("'bagging_fraction'") });
    await expect(train(options({ params: { num_threads: 4 } as LightgbmParams }))).rejects.toMatchObject({ hint: expect.stringContaining("'threads'") });
  });

  it.each([
    ['an unknown parameter', { params: { learning_rat: 0.1 } as LightgbmParams }],
    ['a parameter of the wrong kind', { params: { num_leaves: 3.5 } }],
    ['a parameter that is an option here', { params: { num_iterations: 5 } as LightgbmParams }],
    ['no rounds', { rounds: 0 }],
    ['early stopping without a validation set', { earlyStopping: { rounds: 5 } }],
    ['a seed that is no whole number', { seed: 0.5 }],
    ['other bins than the dataset has', { params: { max_bin: 15 } }],
  ] satisfies [string, Partial<TrainOptions>][])('refuses %s', async (_, wrong) => {
    await expect(train(options(wrong))).rejects.toThrow(LightgbmInputError);
  });

  it('refuses a metric that is not measured', async () => {
    const asked = options({ valid: { valid: validSet }, earlyStopping: { rounds: 3, metric: 'auc' } });
    await expect(train(asked)).rejects.toThrow(/one of \[multi_logloss\], got auc/);
  });

  it('refuses a validation set that was binned on its own', async () => {
    using stranger = await Dataset.create(validTable);
    await expect(train(options({ valid: { stranger } }))).rejects.toThrow(LightgbmError);
  });

  it('refuses datasets that were disposed of, but not in the middle', async () => {
    const dataset = await Dataset.create(trainTable);
    const running = train(options({ train: dataset, rounds: 20 }));
    dataset.dispose();
    (await running).dispose();
    await expect(train(options({ train: dataset }))).rejects.toThrow(LightgbmDisposedError);
  });
});

async function binary(table: typeof trainTable, reference?: Dataset): Promise<Dataset> {
  const twoClasses = table.labels.map((label) => Math.min(label, 1));
  return Dataset.create({ ...table, labels: twoClasses, ...(reference === undefined ? {} : { reference }) });
}
