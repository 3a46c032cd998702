import type { Tensor } from '@primatrix/contracts';
import { decodeSafetensors, writeTensorFile } from '@primatrix/tensor-store';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { NetWeights } from '../net.ts';
import { Optimizer } from '../optimizer.ts';
import type { ResolvedOptimizer } from '../train-settings.ts';

/** What an epoch brought. `seconds` is for people: it is no part of what must repeat. */
const epochRecordSchema = z.strictObject({
  epoch: z.int().positive(),
  loss: z.number(),
  validLoss: z.number(),
  seconds: z.number(),
});
/** What one epoch came to: its losses, and how long it took. */
export type EpochRecord = z.infer<typeof epochRecordSchema>;

/** All that a training is between two epochs. */
export interface TrainingState {
  /** Index of the optimiser phase. */
  phase: number;
  /** Epochs done in this phase. */
  phaseEpochs: number;
  /** Epochs since the best, or since the phase began. */
  waited: number;
  readonly history: EpochRecord[];
  readonly best: { epoch: number; validLoss: number; weights: Map<string, Float32Array> };
  readonly weights: Map<string, Float32Array>;
  optimizer: Optimizer;
}

const noteSchema = z.strictObject({
  digest: z.string(),
  phase: z.int().nonnegative(),
  phaseEpochs: z.int().nonnegative(),
  waited: z.int().nonnegative(),
  iterations: z.int().nonnegative(),
  bestEpoch: z.int().nonnegative(),
  bestValidLoss: z.number(),
  history: z.array(epochRecordSchema),
});

/** A training that has not begun. */
export function newTrainingState(weights: NetWeights, optimizer: ResolvedOptimizer): TrainingState {
  return {
    phase: 0,
    phaseEpochs: 0,
    waited: 0,
    history: [],
    best: { epoch: 0, validLoss: Number.POSITIVE_INFINITY, weights: new Map() },
    weights: new Map(Object.entries(weights).map(([name, tensor]) => [name, tensor.data.slice()])),
    optimizer: new Optimizer(optimizer),
  };
}

/**
 * Writes a state to one safetensors file, whole or not at all.
 * @param digest identifies net, settings, data and seed: another training never goes on from this one
 */
export async function writeCheckpoint(path: string, state: TrainingState, digest: string): Promise<void> {
  const tensors: Record<string, Tensor> = {};
  const put = (prefix: string, values: ReadonlyMap<string, Float32Array>): void => {
    for (const [name, data] of values) {
      tensors[`${prefix}/${name}`] = {
        dtype: 'float32',
        shape: [data.length],
        data: data as Float32Array<ArrayBuffer>,
      };
    }
  };
  put('weights', state.weights);
  put('best', state.best.weights);
  put('optimizer', state.optimizer.slots);
  const note: z.infer<typeof noteSchema> = {
    digest,
    phase: state.phase,
    phaseEpochs: state.phaseEpochs,
    waited: state.waited,
    iterations: state.optimizer.iterations,
    bestEpoch: state.best.epoch,
    bestValidLoss: state.best.validLoss,
    history: state.history,
  };
  await writeTensorFile(path, tensors, { state: JSON.stringify(note) });
}

/**
 * Reads a state back, or undefined where there is none that this training can go on from.
 * @param phases the optimisers of the training's phases
 */
export async function readCheckpoint(
  path: string,
  digest: string,
  phases: readonly ResolvedOptimizer[],
): Promise<TrainingState | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    return undefined;
  }
  try {
    const { tensors, metadata } = decodeSafetensors(bytes, { file: path });
    const note = noteSchema.parse(JSON.parse(metadata['state'] ?? 'null'));
    const settings = phases[note.phase];
    if (note.digest !== digest || settings === undefined) return undefined;
    const take = (prefix: string): Map<string, Float32Array> =>
      new Map(
        Object.entries(tensors)
          .filter(([name]) => name.startsWith(`${prefix}/`))
          .map(([name, tensor]) => [name.slice(prefix.length + 1), Float32Array.from(tensor.data as Float32Array)]),
      );
    const optimizer = new Optimizer(settings);
    optimizer.iterations = note.iterations;
    for (const [name, slot] of take('optimizer')) optimizer.slots.set(name, slot);
    return {
      phase: note.phase,
      phaseEpochs: note.phaseEpochs,
      waited: note.waited,
      history: note.history,
      best: { epoch: note.bestEpoch, validLoss: note.bestValidLoss, weights: take('best') },
      weights: take('weights'),
      optimizer,
    };
  } catch {
    // Not a checkpoint of ours, or of an older version: the training starts over, which is always right.
    return undefined;
  }
}
