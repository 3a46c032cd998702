import type { InputFile } from '@primatrix/prediction';
import type { Estimate } from '@primatrix/review-api';
import { HttpProblem } from '../http/http-problem.ts';
import type { WorkerHandle } from '../prediction/prediction-run.ts';

/** Clips that are tried, evenly spread over all, and how long that may take once the first one is under way. */
const tried = 20;
const longestMs = 30_000;

/**
 * Predicts some clips of many and says how long all of them will take. What the first level says of them is kept, as the
 * project's own process keeps it: nothing is done twice.
 * @throws HttpProblem 422 where what is to predict cannot be opened
 */
export async function probe(files: readonly InputFile[], worker: WorkerHandle, signal: AbortSignal): Promise<Estimate> {
  const some = spread(files, tried);
  const of = { clips: files.length };
  if (some.length === 0) return { ...of, probed: 0, seconds: null };
  try {
    const spent = await measure(some, worker, signal);
    const probed = spent.length;
    const mean = spent.reduce((sum, seconds) => sum + seconds, 0) / probed;
    return { ...of, probed, seconds: probed === 0 ? null : mean * files.length };
  } finally {
    await worker.stop();
  }
}

/** Seconds by which each clip came after the one before; of those that were known before nothing is measured. */
function measure(files: readonly InputFile[], worker: WorkerHandle, signal: AbortSignal): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const spent: number[] = [];
    let left = files.length;
    let patience: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(patience);
      resolve(spent);
    };
    const fail = (message: string) => {
      clearTimeout(patience);
      reject(new HttpProblem(422, 'SETUP_SOURCE', `what is to predict cannot be used: ${message}`));
    };
    signal.addEventListener('abort', end, { once: true });
    worker.onMessage((message) => {
      if (message.type === 'starts') patience ??= setTimeout(end, longestMs);
      else if (message.type === 'failed') fail(message.message);
      else if (message.type === 'provisional') {
        if (message.seconds !== null) spent.push(message.seconds);
        left -= 1;
        if (left === 0) end();
      }
    });
    worker.onExit(() => fail('the predicting process ended'));
    worker.send({ type: 'predict', round: 1, clips: files.map((file) => ({ id: file.path, file })) });
  });
}

function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / most)] as T);
}
