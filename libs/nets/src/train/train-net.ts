import { Worker } from 'node:worker_threads';
import { deviceForSteps } from '../engine/device-for-steps.ts';
import { TrainingError, type TrainingPlace } from './training-error.ts';
import { checkJob, type TrainingEvent, type TrainingJob, type TrainingResult } from './training-job.ts';

/** A training and the ways to watch and stop it. */
export interface TrainOptions extends TrainingJob {
  /** Stops training before the next step; `trainNet` then rejects with `TRAINING_ABORTED` and the checkpoint is kept. */
  readonly signal?: AbortSignal;
  /** Called for each epoch, and for steps at most ten times a second. */
  readonly onProgress?: (event: TrainingEvent) => void;
}

/** What the worker is started with. */
export interface WorkerInput {
  readonly job: TrainingJob;
  /** One int32: 1 asks to stop. */
  readonly stop: SharedArrayBuffer;
}

/** What the worker says. */
export type WorkerMessage =
  | { readonly kind: 'event'; readonly event: TrainingEvent }
  | { readonly kind: 'result'; readonly result: TrainingResult }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
      readonly place: TrainingPlace | undefined;
      readonly cause: string | undefined;
    };

/**
 * Trains a net in a worker thread: random crops, early stopping on the validation loss, the best epoch's weights.
 * The same job on the same machine gives the same weights, also when it was killed in between and went on from
 * its checkpoint.
 * @throws SpecError, UsageError at once where the job cannot be started; SessionError `DEVICE_DIFFERS` where the device computes other
 * steps than the CPU; TrainingError where it does not end well
 */
export async function trainNet(options: TrainOptions): Promise<TrainingResult> {
  const { signal, onProgress, ...job } = options;
  checkJob(job);
  const device = job.engine === 'tfjs' ? 'cpu' : await deviceForSteps(job.spec, job.device ?? 'cpu');
  const place: { -readonly [K in keyof TrainingPlace]: TrainingPlace[K] } = {
    net: job.spec.name,
    fold: job.fold ?? '-',
    epoch: 0,
    step: 0,
  };
  if (signal?.aborted === true) throw new TrainingError('TRAINING_ABORTED', 'stopped on request', place);
  const stop = new SharedArrayBuffer(4);
  const onAbort = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
  signal?.addEventListener('abort', onAbort, { once: true });
  // Without the process' own flags: --input-type would stop the worker, import conditions would lead it to .ts files.
  const worker = new Worker(workerUrl, {
    execArgv: [],
    workerData: { job: { ...job, device }, stop } satisfies WorkerInput,
  });
  try {
    return await new Promise<TrainingResult>((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'result') resolve(message.result);
        else if (message.kind === 'error') reject(errorOf(message, place));
        else {
          if (message.event.kind !== 'resumed') place.epoch = message.event.epoch;
          place.step = message.event.kind === 'step' ? message.event.step : 0;
          try {
            onProgress?.(message.event);
          } catch (error) {
            reject(error as Error);
          }
        }
      });
      worker.on('error', (cause) =>
        reject(new TrainingError('TRAINING_FAILED', `the worker died: ${cause.message}`, place, { cause })),
      );
      worker.on('exit', (code) =>
        reject(new TrainingError('TRAINING_FAILED', `the worker ended with ${code} before it was done`, place)),
      );
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

/** The built worker: where these sources run as .ts (tests), Node 20 cannot load them in a worker. */
const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/train/train-worker.js' : './train-worker.js',
  import.meta.url,
);

function errorOf(message: Extract<WorkerMessage, { kind: 'error' }>, place: TrainingPlace): TrainingError {
  const code =
    message.code === 'TRAINING_NAN' || message.code === 'TRAINING_ABORTED' ? message.code : 'TRAINING_FAILED';
  const at = message.place ?? place;
  const prefix = new TrainingError(code, '', at).message;
  const what = message.message.startsWith(prefix) ? message.message.slice(prefix.length) : message.message;
  return new TrainingError(code, what, at, {
    ...(message.cause === undefined ? {} : { cause: new Error(message.cause) }),
    ...(message.hint === undefined ? {} : { hint: message.hint }),
  });
}
