import { ClipWorker, type LevelPredictor } from './clip-worker.ts';
import type { WorkerHandle } from './prediction-run.ts';
import type { FromWorker } from './worker-messages.ts';

/** A worker in this process; as in its own process, messages come later. */
export function workerOf(predictor: LevelPredictor, records: string): WorkerHandle {
  const listeners: ((message: FromWorker) => void)[] = [];
  const worker = ClipWorker.open(
    predictor,
    records,
    (message) => void setImmediate(() => listeners.forEach((listen) => listen(message))),
  );
  return {
    send: (message) => void worker.then((opened) => opened.take(message)),
    onMessage: (listen) => void listeners.push(listen),
    onExit: () => undefined,
    stop: async () => (await worker)[Symbol.asyncDispose](),
  };
}
