import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { float32ToFloat16, writeTensorFile } from '@primatrix/tensor-store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { learnableSamples } from '../conformance/index.ts';
import {
  binaryCrossEntropy,
  exportInference,
  predictNet,
  runTraining,
  trainNet,
  TrainingError,
  type NetSpec,
  type Sample,
  type TrainingEvent,
  type TrainingJob,
} from '../index.ts';

const spec: NetSpec = {
  name: 'small',
  input: [6, 4],
  layers: [
    { type: 'GRU', units: 8, recurrentDropout: 0.4 },
    { type: 'Dropout', rate: 0.3 },
    { type: 'Dense', units: 3, activation: 'sigmoid' },
  ],
};
const samples = learnableSamples([9, 4], 3, 32);
const job: TrainingJob = {
  spec,
  seed: 7,
  train: samples,
  valid: samples.slice(0, 7),
  crops: 3,
  fold: 'fold-2',
  threads: 1,
  checkpointSeconds: 0,
  settings: {
    optimizer: { kind: 'adam', learningRate: 0.01 },
    batch: 5,
    stepsPerEpoch: 6,
    maxEpochs: 4,
    patience: 4,
    then: { optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true, decay: 1e-6 }, maxEpochs: 3, patience: 2 },
  },
};

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'primatrix-nets-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What must repeat: everything but the time it took. */
const lasting = (result: Awaited<ReturnType<typeof runTraining>>) => ({
  ...result,
  history: result.history.map((record) => ({ ...record, seconds: 0 })),
});

test('learns, keeps the best epoch and predicts with it', async () => {
  const result = await runTraining(job);
  const losses = result.history.map((record) => record.validLoss);
  expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  expect(result.bestValidLoss).toBe(Math.min(...losses));
  expect(losses[result.bestEpoch - 1]).toBe(result.bestValidLoss);
  const again = await predictNet(exportInference(spec, result.weights), job.valid, {
    input: [6, 4],
    classes: 3,
    crops: 3,
    threads: 1,
  });
  expect(binaryCrossEntropy(again, job.valid, 3)).toBeCloseTo(result.bestValidLoss, 5);
});

test('the same seed trains models of the same bytes, another seed others', async () => {
  const model = async (seed: number) => exportInference(spec, (await runTraining({ ...job, seed })).weights);
  const [first, again, other] = [await model(7), await model(7), await model(8)];
  expect(Buffer.compare(first, again)).toBe(0);
  expect(Buffer.compare(first, other)).not.toBe(0);
});

// An epoch asks 6 times for its steps and 7 times for its validation samples.
test.each([3, 10, 16, 45])(
  'a training stopped when it asks for the %dth time and started again ends as if it had not been',
  async (times) => {
    const checkpoint = join(folder, `stopped-${times}.safetensors`);
    const whole = await runTraining(job);
    let asked = 0;
    const stopped = runTraining({ ...job, checkpoint }, { aborted: () => ++asked > times });
    await expect(stopped).rejects.toMatchObject({ code: 'TRAINING_ABORTED' });
    const events: TrainingEvent[] = [];
    const resumed = await runTraining({ ...job, checkpoint }, { emit: (event) => events.push(event) });
    expect(events.some((event) => event.kind === 'resumed')).toBe(times > 13);
    expect(lasting(resumed)).toEqual(lasting(whole));
  },
);

test('a finished training is not done again, another one never goes on from its checkpoint', async () => {
  const checkpoint = join(folder, 'finished.safetensors');
  const first = await runTraining({ ...job, checkpoint });
  const again = await runTraining({ ...job, checkpoint }, { aborted: () => true });
  expect(again).toEqual(first);
  await expect(runTraining({ ...job, seed: 8, checkpoint }, { aborted: () => true })).rejects.toMatchObject({
    code: 'TRAINING_ABORTED',
  });
  await writeFile(checkpoint, (await readFile(checkpoint)).subarray(0, 900));
  await expect(runTraining({ ...job, checkpoint }, { aborted: () => true })).rejects.toMatchObject({
    code: 'TRAINING_ABORTED',
  });
});

test('patience ends a training that no longer gets better', async () => {
  const settings: TrainingJob['settings'] = {
    optimizer: { kind: 'sgd', learningRate: 1e-12 },
    batch: 5,
    stepsPerEpoch: 6,
    maxEpochs: 50,
    patience: 3,
  };
  const result = await runTraining({ ...job, settings });
  expect(result.history.length).toBeLessThanOrEqual(result.bestEpoch + 3);
  expect(result.history.length).toBeLessThan(50);
});

test('a batch computed in pieces learns the same, but for rounding', async () => {
  const plain: NetSpec = {
    ...spec,
    layers: [
      { type: 'GRU', units: 8 },
      { type: 'Dense', units: 3, activation: 'sigmoid' },
    ],
  };
  const settings: TrainingJob['settings'] = {
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    batch: 6,
    stepsPerEpoch: 3,
    maxEpochs: 2,
    patience: 2,
  };
  const whole = await runTraining({ ...job, spec: plain, settings });
  const pieces = await runTraining({ ...job, spec: plain, settings: { ...settings, microBatch: 2 } });
  pieces.history.forEach((record, i) => expect(record.validLoss).toBeCloseTo(whole.history[i]?.validLoss as number, 5));
  await expect(runTraining({ ...job, settings: { ...settings, microBatch: 4 } })).rejects.toThrow(/must divide batch/);
});

test('a loss that is no number names net, fold, epoch and step', async () => {
  const broken: Sample[] = samples.map((sample) => ({
    ...sample,
    tensor: { dtype: 'float32', shape: [9, 4], data: new Float32Array(36).fill(Number.NaN) },
  }));
  const error = await runTraining({ ...job, train: broken }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TrainingError);
  expect(error).toMatchObject({ code: 'TRAINING_NAN', place: { net: 'small', fold: 'fold-2', epoch: 1, step: 1 } });
  expect((error as Error).message).toBe('nets: training of small, fold fold-2, epoch 1, step 1: the loss is NaN');
});

test('a missing file fails with its place and cause', async () => {
  const train = [{ tensor: join(folder, 'nowhere.safetensors'), labels: new Uint8Array(3) }];
  await expect(runTraining({ ...job, train })).rejects.toMatchObject({
    code: 'TRAINING_FAILED',
    place: { epoch: 1, step: 1 },
    cause: { code: 'TENSOR_MISSING' },
  });
});

test('settings and samples are checked before anything is done', async () => {
  await expect(trainNet({ ...job, settings: { ...job.settings, batch: 0 } })).rejects.toMatchObject({
    code: 'TRAIN_SETTINGS',
  });
  await expect(trainNet({ ...job, valid: [] })).rejects.toMatchObject({ code: 'TRAIN_SAMPLES' });
  await expect(trainNet({ ...job, train: [{ id: 'clip 4', tensor: 'x', labels: new Uint8Array(2) }] })).rejects.toThrow(
    /clip 4 .* 3 labels, got 2/,
  );
});

test('files are read as well as tensors in memory, float16 and uint8 too, whatever the cache holds', async () => {
  const whole = samples.map((sample) => ({
    ...sample,
    tensor: { dtype: 'uint8', shape: [9, 4], data: Uint8Array.from({ length: 36 }, (_, i) => (i * 7) % 5) } as const,
  }));
  const inFiles = await Promise.all(
    whole.map(async (sample, i) => {
      const path = join(folder, `clip-${i}.safetensors`);
      const data = float32ToFloat16(Float32Array.from(sample.tensor.data));
      await writeTensorFile(path, { x: i % 2 === 0 ? sample.tensor : { dtype: 'float16', shape: [9, 4], data } });
      return { ...sample, tensor: path };
    }),
  );
  const expected = await runTraining({ ...job, train: whole });
  for (const cacheBytes of [0, 100, 1e6]) {
    expect((await runTraining({ ...job, train: inFiles, cacheBytes })).weights).toEqual(expected.weights);
  }
});

describe('in a worker', () => {
  test('a training gives what it gives in this thread', async () => {
    const events: TrainingEvent[] = [];
    const result = await trainNet({ ...job, onProgress: (event) => events.push(event) });
    expect(lasting(result)).toEqual(lasting(await runTraining(job)));
    expect(events.filter((event) => event.kind === 'epoch').length).toBe(result.history.length);
  });

  test('a training stops on request, keeps its checkpoint and goes on', async () => {
    const checkpoint = join(folder, 'worker.safetensors');
    const stop = new AbortController();
    const stopped = trainNet({
      ...job,
      checkpoint,
      signal: stop.signal,
      onProgress: (event) => event.kind === 'epoch' && stop.abort(),
    });
    // The worker may be done before it sees the sign.
    await stopped.catch((error: unknown) => expect(error).toMatchObject({ code: 'TRAINING_ABORTED' }));
    expect(lasting(await trainNet({ ...job, checkpoint }))).toEqual(lasting(await runTraining(job)));
  });

  test('a training killed in the middle goes on to the result of one that was not', async () => {
    const checkpoint = join(folder, 'killed.safetensors');
    const long: TrainingJob = { ...job, settings: { ...job.settings, stepsPerEpoch: 40 }, checkpoint };
    const program = `
      const { trainNet } = await import(process.argv[1]);
      const job = JSON.parse(await new Response(process.stdin).text(), (key, value) => (key === 'labels' ? Uint8Array.from(value) : key === 'data' ? Float32Array.from(value) : value));
      let epochs = 0;
      await trainNet({ ...job, onProgress: (event) => { if (event.kind === 'epoch' && ++epochs === 2) process.stdout.write('now'); } });`;
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      program,
      new URL('../../dist/index.js', import.meta.url).href,
    ]);
    child.stdin.end(
      JSON.stringify(long, (_key, value: unknown) =>
        ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
      ),
    );
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors += String(text)));
    child.stdout.once('data', () => child.kill('SIGKILL'));
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal, errors).toBe('SIGKILL');
    const events: TrainingEvent[] = [];
    const resumed = await runTraining(long, { emit: (event) => events.push(event) });
    expect(events[0]).toMatchObject({ kind: 'resumed' });
    expect(lasting(resumed)).toEqual(
      lasting(await runTraining({ ...long, checkpoint: join(folder, 'whole.safetensors') })),
    );
  });

  test('errors keep their code, place and hint', async () => {
    const error = await trainNet({
      ...job,
      train: [{ tensor: join(folder, 'nowhere.safetensors'), labels: new Uint8Array(3) }],
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TrainingError);
    expect(error).toMatchObject({
      code: 'TRAINING_FAILED',
      place: { net: 'small', fold: 'fold-2', epoch: 1, step: 1 },
    });
    expect((error as Error).message).toMatch(
      /^nets: training of small, fold fold-2, epoch 1, step 1: tensor-store: .*nowhere/,
    );
  });
});

test('an epoch of one pass has as many steps as whole batches', async () => {
  const train = async (stepsPerEpoch: number | 'pass') =>
    lasting(await runTraining({ ...job, settings: { ...job.settings, stepsPerEpoch } }));
  expect(await train('pass')).toEqual(await train(Math.floor(samples.length / 5)));
});

test('random batches judge an epoch where that is asked for, the same ones each time', async () => {
  const train = async (validBatches?: number) =>
    runTraining({ ...job, settings: { ...job.settings, ...(validBatches === undefined ? {} : { validBatches }) } });
  const losses = async (validBatches?: number) => (await train(validBatches)).history.map(({ validLoss }) => validLoss);
  const [few, whole] = [await losses(2), await losses()];
  expect(few).toEqual(await losses(2));
  expect(few[0]).not.toBe(whole[0]);
  // Many batches come near to the fold itself.
  const many = await losses(200);
  expect(Math.abs((many[0] as number) - (whole[0] as number))).toBeLessThan(0.02);
});
