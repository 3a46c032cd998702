import { stat } from 'node:fs/promises';
import type { InputFile } from '@primatrix/prediction';
import type { Estimate } from '@primatrix/review-api';
import { HttpProblem } from '../http/http-problem.ts';
import type { WorkerHandle } from '../prediction/prediction-run.ts';

/** Clips that are tried, evenly spread over all, and how long that may take once the first one is under way. */
const tried = 20;
const longestMs = 30_000;

/** Where a probe's records go, and what its worker can tell. */
export interface ProbeOf {
  /** File of the records. */
  readonly records: string;
  readonly classes: readonly string[];
}

/** A clip that was tried. */
interface Tried {
  /** By which it came after the one before. */
  readonly seconds: number;
  /** Whether it shows something; null where that cannot be told. */
  readonly shows: boolean | null;
}

/**
 * Predicts some clips of many and says how long all of them will take, and what their records need on the disk. What the first level says of
 * them is kept, as the project's own process keeps it: nothing is done twice.
 * @throws HttpProblem 422 where what is to predict cannot be opened
 */
export async function probe(
  files: readonly InputFile[],
  worker: WorkerHandle,
  signal: AbortSignal,
  { records, classes }: ProbeOf,
): Promise<Estimate> {
  const some = spread(files, tried);
  const none = { clips: files.length, probed: 0, seconds: null, bytes: null, showing: null };
  if (some.length === 0) return none;
  try {
    const before = await sizeOf(records);
    const spent = await measure(some, worker, signal, classes.indexOf('blank'));
    const probed = spent.length;
    if (probed === 0) return none;
    const seconds = spent.reduce((sum, one) => sum + one.seconds, 0);
    return {
      ...{ clips: files.length, probed },
      seconds: (seconds / probed) * files.length,
      bytes: (((await sizeOf(records)) - before) / probed) * files.length,
      showing: spent.some(({ shows }) => shows === null) ? null : spent.filter(({ shows }) => shows === true).length,
    };
  } finally {
    await worker.stop();
  }
}

/** Bytes; 0 of what is not there. */
async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/**
 * Whether the most probable class is another than blank.
 * @param nets [classes] by net; a detector is one alone
 * @param blank place of its class, -1 where there is none
 */
function showsOf(nets: Readonly<Record<string, readonly number[]>>, blank: number): boolean | null {
  const [only, another] = Object.values(nets);
  if (only === undefined || another !== undefined || blank < 0) return null;
  return only.indexOf(Math.max(...only)) !== blank;
}

/** Clips as they were tried; of those that were known before nothing is measured. @param blank see {@link showsOf} */
function measure(
  files: readonly InputFile[],
  worker: WorkerHandle,
  signal: AbortSignal,
  blank: number,
): Promise<Tried[]> {
  return new Promise((resolve, reject) => {
    const spent: Tried[] = [];
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
        const { seconds, nets } = message;
        if (seconds !== null) spent.push({ seconds, shows: showsOf(nets, blank) });
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
