import { open, readFile, writeFile } from 'node:fs/promises';
import * as lightgbm from '@primatrix/lightgbm-ts';
import * as xgboost from '@primatrix/xgboost-ts';
import { lightgbmParams, seed, xgboostParams } from './bench-run.ts';
import type { BenchRun, RunReport } from './bench-run.ts';

// A process of its own: `node run-binding.js '<BenchRun as JSON>'`. It prints a RunReport.
const run = JSON.parse(process.argv[2] ?? '') as BenchRun;
const { rows, columns, rounds, threads } = run;
const data = await floatsOf(run.matrix, rows * columns);
const labels = await floatsOf(run.labels, rows);
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
  const before = process.cpuUsage();
  const start = performance.now();
  using dataset = await create();
  const created = performance.now();
  using booster = await train(dataset);
  const trained = performance.now();
  const { user, system } = process.cpuUsage(before);
  const predicted = await predict(booster);
  const end = performance.now();
  await writeFile(run.predictions, predicted.data);
  return {
    createSeconds: (created - start) / 1000,
    trainSeconds: (trained - created) / 1000,
    predictSeconds: (end - trained) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: await peakBytes(),
  };
}

/** Linux hands the figure of `resourceUsage` down from the process that started this one; what /proc tells is its own. */
async function peakBytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return 1024 * (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes));
}

/** Read straight into its array, as the native program does. */
async function floatsOf(path: string, length: number): Promise<Float32Array> {
  const values = new Float32Array(length);
  const bytes = new Uint8Array(values.buffer);
  const file = await open(path);
  try {
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await file.read(bytes, at);
      if (bytesRead === 0) throw new RangeError(`${path} ends after ${at} of ${bytes.length} bytes`);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return values;
}
