import { performance } from 'node:perf_hooks';
import { Rng, seedFrom } from '@primatrix/rng';
import { openEngine } from '../engine/open-engine.ts';
import type { TrainEngine } from '../engine/train-engine.ts';
import { checkWeights, initialWeights, netWeights, resolveNet, type Net, type NetWeights } from '../net.ts';
import { Optimizer } from '../optimizer.ts';
import { binaryCrossEntropy, predictWith, type PredictOptions } from '../predict-net.ts';
import type { ResolvedTrainSettings } from '../train-settings.ts';
import { BatchFeeder, drawMask, type Batch } from './batch-feeder.ts';
import { SampleCache, usualCacheBytes } from './sample.ts';
import { TrainingError, type TrainingPlace } from './training-error.ts';
import { checkJob, jobDigest, type TrainingEvent, type TrainingJob, type TrainingResult } from './training-job.ts';
import { newTrainingState, readCheckpoint, writeCheckpoint, type TrainingState } from './training-state.ts';

/** How a training is followed and stopped. */
export interface TrainingHooks {
  readonly emit?: (event: TrainingEvent) => void;
  /** Asked before each step. */
  readonly aborted?: () => boolean;
}

/**
 * Trains a net in this thread, which each step blocks. `trainNet` does the same in a worker.
 * @throws TrainingError
 */
export async function runTraining(job: TrainingJob, hooks: TrainingHooks = {}): Promise<TrainingResult> {
  const checked = checkJob(job);
  const place = { net: job.spec.name, fold: job.fold ?? '-', epoch: 0, step: 0 };
  const training = new Training(job, hooks, checked.settings, checked.classes, place);
  try {
    return await training.run();
  } catch (cause) {
    if (cause instanceof TrainingError) throw cause;
    throw new TrainingError('TRAINING_FAILED', (cause as Error).message, place, { cause });
  } finally {
    await training.dispose();
  }
}

class Training {
  private readonly job: TrainingJob;
  private readonly hooks: TrainingHooks;
  private readonly settings: ResolvedTrainSettings;
  private readonly place: { -readonly [K in keyof TrainingPlace]: TrainingPlace[K] };
  private readonly net: Net;
  private engine: TrainEngine | undefined;
  /** Samples that the engine takes at once. */
  private readonly microBatch: number;
  private readonly cache: SampleCache;
  private readonly feeder: BatchFeeder;
  /** Batches by which an epoch is judged; undefined: the whole of `valid`, crop by crop. */
  private readonly judged: { readonly batches: number; readonly feeder: BatchFeeder } | undefined;
  /** Drawn anew for each step. */
  private readonly masks = new Map<string, Float32Array>();
  private readonly predicting: PredictOptions;
  private lastStepEvent = 0;

  constructor(
    job: TrainingJob,
    hooks: TrainingHooks,
    settings: ResolvedTrainSettings,
    classes: number,
    place: TrainingPlace,
  ) {
    this.job = job;
    this.hooks = hooks;
    this.settings = settings;
    this.place = place;
    this.net = resolveNet(job.spec);
    this.microBatch = settings.microBatch ?? settings.batch;
    this.cache = new SampleCache(job.cacheBytes ?? usualCacheBytes);
    const padding = job.padding ?? 'repeat';
    this.feeder = new BatchFeeder({
      samples: job.train,
      cache: this.cache,
      size: this.net.input,
      classes,
      seed: job.seed,
      padding,
      settings,
    });
    if (settings.validBatches !== undefined) {
      this.judged = {
        batches: settings.validBatches,
        feeder: new BatchFeeder({
          samples: job.valid,
          cache: this.cache,
          size: this.net.input,
          classes,
          seed: seedFrom(job.seed, 'validation'),
          padding,
          settings: { ...settings, augment: undefined },
        }),
      };
    }
    this.predicting = {
      input: this.net.input,
      classes,
      crops: job.crops ?? 1,
      padding,
      batch: this.microBatch,
      cache: this.cache,
      onProgress: () => this.stopIfAsked(),
    };
  }

  async run(): Promise<TrainingResult> {
    const { job, settings } = this;
    const engine = await openEngine(job.engine ?? 'onnx', job.spec, {
      batch: this.microBatch,
      threads: job.threads ?? 0,
      device: job.device ?? 'cpu',
    });
    this.engine = engine;
    for (const { name, shape } of engine.masks) {
      this.masks.set(name, new Float32Array(shape.reduce((a, b) => a * b, 1)));
    }
    const phases = [settings, ...(settings.then === undefined ? [] : [settings.then])];
    const optimizers = phases.map((phase) => phase.optimizer);
    const digest = jobDigest(job, settings);

    let state = job.checkpoint === undefined ? undefined : await readCheckpoint(job.checkpoint, digest, optimizers);
    if (state !== undefined) this.hooks.emit?.({ kind: 'resumed', epoch: state.history.length });
    state ??= newTrainingState(this.startingWeights(), settings.optimizer);
    let saved = performance.now();
    const save = async (always: boolean): Promise<void> => {
      if (
        job.checkpoint === undefined ||
        (!always && performance.now() - saved < (job.checkpointSeconds ?? 5) * 1000)
      ) {
        return;
      }
      await writeCheckpoint(job.checkpoint, state as TrainingState, digest);
      saved = performance.now();
    };

    for (;;) {
      const phase = phases[state.phase] as (typeof phases)[number];
      const unfinished = state.phaseEpochs < phase.maxEpochs && state.waited < phase.patience;
      if (unfinished) {
        await this.epoch(state, engine);
        await save(false);
      } else if (state.phase + 1 < phases.length) {
        this.beginPhase(state, optimizers[state.phase + 1] as (typeof optimizers)[number]);
      } else {
        break;
      }
    }
    await save(true);
    return {
      weights: this.toNetWeights(state.best.weights),
      bestEpoch: state.best.epoch,
      bestValidLoss: state.best.validLoss,
      history: state.history,
    };
  }

  async dispose(): Promise<void> {
    await this.engine?.dispose();
  }

  private startingWeights(): NetWeights {
    const weights = this.job.weights ?? initialWeights(this.job.spec, this.job.seed);
    checkWeights(this.net, weights);
    return weights;
  }

  private toNetWeights(weights: ReadonlyMap<string, Float32Array>): NetWeights {
    return Object.fromEntries(
      netWeights(this.net).map(({ fullName, shape }) => [
        fullName,
        { dtype: 'float32' as const, shape, data: weights.get(fullName) as Float32Array<ArrayBuffer> },
      ]),
    );
  }

  private beginPhase(state: TrainingState, optimizer: Optimizer['settings']): void {
    state.phase++;
    state.phaseEpochs = 0;
    state.waited = 0;
    for (const [name, best] of state.best.weights) state.weights.get(name)?.set(best);
    state.optimizer = new Optimizer(optimizer);
  }

  /** @param number steps since the training began, from 0: all that is drawn for a step follows from it */
  private async step(state: TrainingState, engine: TrainEngine, number: number): Promise<number> {
    const { microBatch, masks, net } = this;
    const batch = await this.feeder.fill(number);
    const [inputSize, classes] = [net.input.reduce((a, b) => a * b, 1), net.output.at(-1) as number];
    const pieces = this.settings.batch / microBatch;
    const gradients = new Map<string, Float32Array>();
    let loss = 0;
    for (let piece = 0; piece < pieces; piece++) {
      for (const { name, rate } of engine.masks) {
        drawMask(masks.get(name) as Float32Array, rate, Rng.of(this.job.seed, 'mask', number, piece, name));
      }
      const from = piece * microBatch;
      const x = batch.x.subarray(from * inputSize, (from + microBatch) * inputSize);
      const labels = batch.labels.subarray(from * classes, (from + microBatch) * classes);
      const given = await engine.step({ x, labels, masks }, state.weights);
      loss += given.loss / pieces;
      for (const [name, gradient] of given.gradients) addGradient(gradients, name, gradient, pieces);
      for (const [name, value] of given.updates) state.weights.get(name)?.set(value);
    }
    if (!Number.isFinite(loss)) throw this.notANumber('loss', loss);
    state.optimizer.step(state.weights, gradients);
    return loss;
  }

  /** What was done of the epoch is lost: it is done again, alike, when training goes on. */
  private stopIfAsked(): void {
    if (this.hooks.aborted?.() === true) throw new TrainingError('TRAINING_ABORTED', 'stopped on request', this.place);
  }

  private notANumber(what: string, value: number): TrainingError {
    return new TrainingError('TRAINING_NAN', `the ${what} is ${value}`, this.place, {
      hint: 'lower the learning rate, or look for broken values in the input tensors',
    });
  }

  private async epoch(state: TrainingState, engine: TrainEngine): Promise<void> {
    const { settings, place } = this;
    const started = performance.now();
    const epoch = state.history.length + 1;
    place.epoch = epoch;
    let total = 0;
    for (let i = 0; i < settings.stepsPerEpoch; i++) {
      place.step = i + 1;
      this.stopIfAsked();
      const loss = await this.step(state, engine, (epoch - 1) * settings.stepsPerEpoch + i);
      total += loss;
      this.stepEvent(epoch, i + 1, loss);
    }
    place.step = 0;
    const validLoss = await this.judge(state, engine, epoch);
    if (!Number.isFinite(validLoss)) throw this.notANumber('validation loss', validLoss);
    const record = {
      epoch,
      loss: total / settings.stepsPerEpoch,
      validLoss,
      seconds: (performance.now() - started) / 1000,
    };
    state.history.push(record);
    state.phaseEpochs++;
    state.waited++;
    if (validLoss < state.best.validLoss) {
      state.waited = 0;
      state.best.epoch = epoch;
      state.best.validLoss = validLoss;
      state.best.weights = new Map([...state.weights].map(([name, weight]) => [name, weight.slice()]));
    }
    this.hooks.emit?.({ kind: 'epoch', ...record, bestEpoch: state.best.epoch, bestValidLoss: state.best.validLoss });
  }

  private async judge(state: TrainingState, engine: TrainEngine, epoch: number): Promise<number> {
    const { job, judged, predicting } = this;
    const predict = (x: Float32Array, rows: number) => engine.predict(x, rows, state.weights);
    if (judged === undefined) {
      return binaryCrossEntropy(await predictWith(predict, job.valid, predicting), job.valid, predicting.classes);
    }
    const { batches, feeder } = judged;
    let total = 0;
    for (let i = 0; i < batches; i++) {
      this.stopIfAsked();
      total += await this.judgeBatch(await feeder.fill((epoch - 1) * batches + i), predict);
    }
    return total / batches;
  }

  private async judgeBatch(
    { x, labels }: Batch,
    predict: (x: Float32Array, rows: number) => Promise<Float32Array>,
  ): Promise<number> {
    const { microBatch, net } = this;
    const { batch } = this.settings;
    const [inputSize, classes] = [net.input.reduce((a, b) => a * b, 1), net.output.at(-1) as number];
    const predicted = new Float32Array(batch * classes);
    for (let from = 0; from < batch; from += microBatch) {
      const rows = await predict(x.subarray(from * inputSize, (from + microBatch) * inputSize), microBatch);
      predicted.set(rows.subarray(0, microBatch * classes), from * classes);
    }
    const samples = Array.from({ length: batch }, (_, i) => ({
      labels: labels.subarray(i * classes, (i + 1) * classes),
    }));
    return binaryCrossEntropy(predicted, samples, classes);
  }

  /** At most ten a second: small nets step a thousand times as often. */
  private stepEvent(epoch: number, step: number, loss: number): void {
    const now = performance.now();
    if (this.hooks.emit === undefined || now - this.lastStepEvent < 100) return;
    this.lastStepEvent = now;
    this.hooks.emit({ kind: 'step', epoch, step, steps: this.settings.stepsPerEpoch, loss });
  }
}

/** Adds `gradient / pieces` to what is there; the only piece is taken as it is. */
function addGradient(sums: Map<string, Float32Array>, name: string, gradient: Float32Array, pieces: number): void {
  const sum = sums.get(name);
  if (pieces === 1) sums.set(name, gradient);
  else if (sum === undefined) {
    sums.set(
      name,
      gradient.map((value) => value / pieces),
    );
  } else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (gradient[i] as number) / pieces;
}
