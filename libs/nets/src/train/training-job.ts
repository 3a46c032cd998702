import { z } from 'zod';
import { UsageError } from '@primatrix/contracts';
import type { Device } from '@primatrix/onnx';
import { digestOf } from '@primatrix/files';
import { requireEngine } from '../engine/open-engine.ts';
import type { EngineName } from '../engine/train-engine.ts';
import type { NetSpec } from '../layer-spec.ts';
import { resolveNet, type NetWeights } from '../net.ts';
import {
  stepsOfEpoch,
  trainSettingsSchema,
  type ResolvedTrainSettings,
  type TrainSettings,
} from '../train-settings.ts';
import type { Padding } from './crop.ts';
import { sampleName, type Sample } from './sample.ts';
import type { EpochRecord } from './training-state.ts';

/** All that a training depends on; can be sent to a worker. */
export interface TrainingJob {
  readonly spec: NetSpec;
  readonly settings: TrainSettings;
  /** Weights, order, crops and masks follow from it. */
  readonly seed: number;
  /** With labels. */
  readonly train: readonly Sample[];
  /** With labels; scored after each epoch, on fixed crops unless `validBatches` asks for random ones. At least one. */
  readonly valid: readonly Sample[];
  /** Crops along time (or along each axis) of a validation sample. Default 1. */
  readonly crops?: number | readonly number[];
  /** What clips shorter than the net's input are filled up with. Default `repeat` (the last frame). */
  readonly padding?: Padding;
  /** Named in errors. Default `-`. */
  readonly fold?: string;
  /** Starting weights; default drawn from the seed. */
  readonly weights?: NetWeights;
  /** File that keeps the training's state; if it holds one of this very job, training goes on from there. */
  readonly checkpoint?: string;
  /** Least seconds between two writes of the checkpoint; the last epoch is always written. Default 5. */
  readonly checkpointSeconds?: number;
  /** Threads of one operator, 0 for all cores. Default 0. */
  readonly threads?: number;
  readonly device?: Device;
  /** What computes the steps. Both learn the same from the same seed, but for rounding. Default `onnx`. */
  readonly engine?: EngineName;
  /** Limit of the tensors kept in memory, bytes. Default 1 GiB. */
  readonly cacheBytes?: number;
}

/** What a training came to. */
export interface TrainingResult {
  /** Those of the best epoch. */
  readonly weights: NetWeights;
  readonly bestEpoch: number;
  readonly bestValidLoss: number;
  readonly history: readonly EpochRecord[];
}

/** News of a training. */
export type TrainingEvent =
  | { readonly kind: 'resumed'; readonly epoch: number }
  | {
      readonly kind: 'step';
      readonly epoch: number;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
    }
  | ({ readonly kind: 'epoch'; readonly bestEpoch: number; readonly bestValidLoss: number } & EpochRecord);

/**
 * Checks what can be checked before work starts.
 * @throws UsageError `TRAIN_SETTINGS` where settings are wrong, `TRAIN_SAMPLES` where samples or labels are missing; SpecError
 */
export function checkJob(job: TrainingJob): { readonly settings: ResolvedTrainSettings; readonly classes: number } {
  const parsed = trainSettingsSchema.safeParse(job.settings);
  if (!parsed.success) {
    throw new UsageError(
      'TRAIN_SETTINGS',
      `nets: training settings of ${job.spec.name}: ${z.prettifyError(parsed.error)}`,
      { cause: parsed.error },
    );
  }
  const net = resolveNet(job.spec);
  requireEngine(job.engine ?? 'onnx', job.spec);
  const classes = net.output.at(-1) as number;
  for (const [what, samples] of [
    ['train', job.train],
    ['valid', job.valid],
  ] as const) {
    if (samples.length === 0) {
      throw new UsageError('TRAIN_SAMPLES', `nets: ${what} of net ${net.name} must have at least one sample, got none`);
    }
    const bad = samples.find((sample) => sample.labels?.length !== classes);
    if (bad !== undefined) {
      throw new UsageError(
        'TRAIN_SAMPLES',
        `nets: sample ${sampleName(bad)} in ${what} of net ${net.name} must have ${classes} labels, got ${bad.labels?.length ?? 'none'}`,
      );
    }
  }
  const stepsPerEpoch = stepsOfEpoch(parsed.data, job.train.length);
  return { settings: { ...parsed.data, stepsPerEpoch }, classes };
}

/** Identifies a job, so that a checkpoint of another is never gone on from. Files count by path. */
export function jobDigest(job: TrainingJob, settings: ResolvedTrainSettings): string {
  const samples = (list: readonly Sample[]) =>
    list.map((sample) => [
      typeof sample.tensor === 'string' ? sample.tensor : sample.tensor.shape,
      Array.from(sample.labels ?? []),
    ]);
  return digestOf([
    2,
    resolveNet(job.spec),
    settings,
    job.seed,
    job.crops ?? 1,
    job.padding ?? 'repeat',
    job.engine ?? 'onnx',
    samples(job.train),
    samples(job.valid),
  ]);
}
