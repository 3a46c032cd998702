import { basename } from 'node:path';
import {
  feedTensor,
  fixedNumbers,
  floatOutput,
  openSession,
  requireSameResults,
  runsOnCpuInstead,
  type Device,
  type Session,
} from '@primatrix/onnx';
import { computes } from './engine/device-for-steps.ts';
import { copyCrop, cropRoom, spreadCorners, type Padding } from './train/crop.ts';
import { SampleCache, type Sample } from './train/sample.ts';

/**
 * What a net takes in and gives, how a clip is cropped and filled up for it, and what it runs on. Probabilities come
 * as [clips, classes].
 */
export interface PredictOptions {
  /** The net's input without the batch, [length, …features]. */
  readonly input: readonly number[];
  readonly classes: number;
  /** Crops along time (or along each axis), evenly spread, whose outputs are averaged. Default 1. */
  readonly crops?: number | readonly number[];
  /** What a clip shorter than `input` is filled up with. Default `repeat`. */
  readonly padding?: Padding;
  /** Crops a run; no influence on results. Default 32. */
  readonly batch?: number;
  readonly threads?: number;
  readonly device?: Device;
  /** Shared with training, so that files are not read twice. */
  readonly cache?: SampleCache;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Probabilities [samples, classes] of a model with input `x` and output `y` (as `exportInference` writes it),
 * the mean over the crops of each sample. Validation, out-of-fold and final predictions all come from here.
 * @param model ONNX bytes, the path of an ONNX file, or a session, which stays open
 * @throws SampleError where a sample does not fit the net; SessionError `DEVICE_DIFFERS` where a device that is no CPU computes
 * other probabilities
 */
export async function predictNet(
  model: Uint8Array | string | Session,
  samples: readonly Sample[],
  options: PredictOptions,
): Promise<Float32Array> {
  if (typeof model !== 'string' && !(model instanceof Uint8Array)) {
    return predictWith(runOf(model, options.input), samples, options);
  }
  const { threads = 0, device = 'cpu' } = options;
  const { session } = await openComparedNet(model, { input: options.input, threads, device });
  try {
    return await predictWith(runOf(session, options.input), samples, options);
  } finally {
    await session.release();
  }
}

/** How {@link openComparedNet} opens a model. */
export interface ComparedNetOptions {
  /** The net's input without the batch. */
  readonly input: readonly number[];
  readonly threads: number;
  readonly device: Device;
}

/**
 * Opens a net for prediction and, where the device is no CPU, compares what it says there with what the CPU says, before it is used. A
 * net that the device cannot run is opened on the CPU.
 * @returns also what it runs on
 * @throws SessionError `DEVICE_DIFFERS` where the device says something else
 */
export async function openComparedNet(
  model: Uint8Array | string,
  { input, threads, device }: ComparedNetOptions,
): Promise<{ readonly session: Session; readonly device: Device }> {
  const session = await openSession(model, { threads, device });
  if (device === 'cpu') return { session, device };
  if (runsOnCpuInstead(session)) return { session, device: 'cpu' };
  const onCpu = await openSession(model, { threads });
  const what = typeof model === 'string' ? basename(model) : 'a net';
  const size = input.reduce((a, b) => a * b, 1);
  const used = await computes(device, () =>
    requireSameResults(device, what, async (on, batch) => [
      await runOf(on === 'cpu' ? onCpu : session, input)(fixedNumbers(2 * size, batch), 2),
    ]),
  ).catch(async (error: unknown) => {
    await session.release();
    await onCpu.release();
    throw error;
  });
  await (used === 'cpu' ? session : onCpu).release();
  return { session: used === 'cpu' ? onCpu : session, device: used };
}

function runOf(session: Session, input: readonly number[]): PredictCrops {
  return async (x, rows) =>
    floatOutput(
      await session.run({
        x: feedTensor({ dtype: 'float32', shape: [rows, ...input], data: x as Float32Array<ArrayBuffer> }),
      }),
      'y',
    );
}

/** Probabilities [rows, classes] of x [rows, …input]. */
export type PredictCrops = (x: Float32Array, rows: number) => Promise<Float32Array>;

/** {@link predictNet} by whatever gives probabilities of crops. */
export async function predictWith(
  run: PredictCrops,
  samples: readonly Sample[],
  options: PredictOptions,
): Promise<Float32Array> {
  const { input, classes, padding = 'repeat', batch = 32 } = options;
  const cache = options.cache ?? new SampleCache(0);
  const size = input.reduce((a, b) => a * b, 1);
  // Of one clip there are a few crops: a whole batch of zeros for each net and fold took longer than the net.
  const crops = [options.crops ?? 1].flat().reduce((product, along) => product * along, samples.length);
  const x = new Float32Array(Math.min(batch, crops) * size);
  const sums = new Float64Array(samples.length * classes);
  const counts = new Float64Array(samples.length);
  let owners: number[] = [];
  const flush = async (): Promise<void> => {
    if (owners.length === 0) return;
    const y = await run(x.subarray(0, owners.length * size), owners.length);
    owners.forEach((owner, row) => {
      counts[owner] = (counts[owner] as number) + 1;
      for (let c = 0; c < classes; c++) {
        sums[owner * classes + c] = (sums[owner * classes + c] as number) + (y[row * classes + c] as number);
      }
    });
    owners = [];
  };
  for (const [index, sample] of samples.entries()) {
    options.signal?.throwIfAborted();
    const tensor = await cache.get(sample);
    for (const corner of spreadCorners(cropRoom(sample, tensor, input), options.crops ?? 1)) {
      copyCrop(tensor, corner, input, padding, x, owners.length * size);
      owners.push(index);
      if (owners.length === batch) await flush();
    }
    options.onProgress?.(index + 1, samples.length);
  }
  await flush();
  return Float32Array.from(sums, (sum, i) => sum / (counts[Math.floor(i / classes)] as number));
}

/** Mean binary cross-entropy of probabilities [n, classes] against labels; probabilities are kept off 0 and 1 by 1e-7, as Keras does. */
export function binaryCrossEntropy(
  probabilities: Float32Array,
  samples: readonly { readonly labels?: ArrayLike<number> }[],
  classes: number,
): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const label = samples[Math.floor(i / classes)]?.labels?.[i % classes] ?? 0;
    // NaN stays NaN: a broken net must not look like a bad one.
    const p = Math.min(Math.max(probabilities[i] as number, 1e-7), 1 - 1e-7);
    sum -= label === 1 ? Math.log(p) : Math.log(1 - p);
  }
  return sum / probabilities.length;
}
