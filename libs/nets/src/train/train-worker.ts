import { parentPort, workerData } from 'node:worker_threads';
import { PrimatrixError } from '@primatrix/contracts';
import { runTraining } from './run-training.ts';
import { TrainingError } from './training-error.ts';
import type { WorkerMessage, WorkerInput } from './train-net.ts';

// Runs a step after the other, each of which blocks: it reads its stop sign from shared memory, because messages would wait.
const { job, stop } = workerData as WorkerInput;
const flag = new Int32Array(stop);
const send = (message: WorkerMessage): void => parentPort?.postMessage(message);

try {
  const result = await runTraining(job, {
    emit: (event) => send({ kind: 'event', event }),
    aborted: () => Atomics.load(flag, 0) === 1,
  });
  send({ kind: 'result', result });
} catch (error) {
  const known = error instanceof TrainingError;
  const cause = known ? error.cause : error;
  send({
    kind: 'error',
    code: error instanceof PrimatrixError ? error.code : 'TRAINING_FAILED',
    message: (error as Error).message,
    hint: error instanceof PrimatrixError ? error.hint : undefined,
    place: known ? error.place : undefined,
    cause: cause instanceof Error ? (cause.stack ?? cause.message) : undefined,
  });
}
