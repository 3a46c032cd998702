import { readFile, writeFile } from 'node:fs/promises';
import * as lightgbm from '@primatrix/lightgbm-ts';
import * as xgboost from '@primatrix/xgboost-ts';
import { lightgbmParams, seed, xgboostParams } from './bench-run.ts';
import type { BenchRun, RunReport } from './bench-run.ts';

// A process of its own: `node run-binding.js '<BenchRun as JSON>'`. It prints a RunReport.
const run = JSON.parse(process.argv[2] ?? '') as BenchRun;
const { rows, columns, rounds, threads } = run;
const data = await floatsOf(run.matrix);
const labels = await floatsOf(run.labels);
const matrix = { data, rows, columns };

const report = await (run.library === 'lightgbm' ? runLightgbm() : runXgboost());
process.stdout.write(`${JSON.stringify(report)}\n`);

async function runLightgbm(): Promise<RunReport> {
  const params = lightgbmParams(run);
  // Loads the library; a native program has it before it begins.
  (await lightgbm.Dataset.create({ data: new Float32Array(2), rows: 2, columns: 1, labels: [0, 1] })).dispose();
  return measure(
    () => lightgbm.Dataset.create({ ...matrix, labels, params, threads }),
    (dataset) => lightgbm.train({ params, train: dataset, rounds, threads, seed }),
    (booster) => booster.predict(matrix, { threads }),
  );
}

async function runXgboost(): Promise<RunReport> {
  const params = xgboostParams(run);
  (await xgboost.Dataset.create({ data: new Float32Array(2), rows: 2, columns: 1, labels: [0, 1] })).dispose();
  return measure(
    () => xgboost.Dataset.create({ ...matrix, labels, threads }),
    (dataset) => xgboost.train({ params, train: dataset, rounds, threads, seed }),
    (booster) => booster.predict(matrix, { threads }),
  );
}

async function measure<D extends Disposable, B extends Disposable>(
  create: () => Promise<D>,
  train: (dataset: D) => Promise<B>,
  predict: (booster: B) => Promise<{ readonly data: Float32Array | Float64Array }>,
): Promise<RunReport> {
  const start = performance.now();
  using dataset = await create();
  const created = performance.now();
  using booster = await train(dataset);
  const trained = performance.now();
  const predicted = await predict(booster);
  const end = performance.now();
  await writeFile(run.predictions, predicted.data);
  return {
    createSeconds: (created - start) / 1000,
    trainSeconds: (trained - created) / 1000,
    predictSeconds: (end - trained) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function floatsOf(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
