import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { LightgbmBuildError } from '../errors.ts';
import { writePatchedHeaders } from './patches.ts';
import type { Sources } from './sources.ts';
import { unoptimisedUnits } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** The largest compilation takes a little over half of this; more at once than memory holds would end in swap. */
const bytesPerJob = 1.2e9;

/** Lines of the failing command's output that an error repeats. */
const lastLineCount = 20;

/**
 * How far the build is: `done` of `total` steps, `file` the one that ended last, `fraction` of the expected time (0 to 1;
 * the slow files come first). Phase `wait`: another process builds.
 */
export interface BuildProgress {
  readonly phase: 'wait' | 'compile' | 'link';
  readonly done: number;
  readonly total: number;
  readonly fraction: number;
  readonly file: string;
}

export interface CompileOptions {
  readonly sources: Sources;
  readonly toolchain: Toolchain;
  readonly compiler: string;
  /** Scratch folder, made if absent; the caller removes it. */
  readonly folder: string;
  /** Where the library is written. */
  readonly output: string;
  /** File that receives all commands and their output. */
  readonly log: string;
  readonly onProgress: (progress: BuildProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Compiles every unit, several at once, and links them. CMake is not needed: LightGBM has no generated sources.
 * @throws {@link LightgbmBuildError} with the end of the compiler's output, or the signal's reason
 */
export async function compileLibrary(options: CompileOptions): Promise<void> {
  const { sources, toolchain, folder } = options;
  await mkdir(folder, { recursive: true });
  const log = createWriteStream(options.log);
  try {
    const patched = join(folder, 'include');
    await writePatchedHeaders(sources, patched);
    const includes = [
      `-I${patched}`,
      ...[
        'include',
        'external_libs/eigen',
        'external_libs/fmt/include',
        'external_libs/fast_double_parser/include',
      ].map((path) => `-I${join(sources.root, path)}`),
    ];
    const failed = new AbortController();
    const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
    const queue = [...sources.units];
    const total = queue.length + 1;
    let done = 0;
    let fraction = 0;
    const worker = async (): Promise<void> => {
      for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
        const level = unoptimisedUnits.includes(unit) ? ['-O0'] : [];
        const command = [
          ...toolchain.compile,
          ...level,
          ...includes,
          '-c',
          join(sources.root, unit),
          '-o',
          objectOf(folder, unit),
        ];
        await run(options.compiler, command, unit, log, options, signal);
        fraction += sources.shareOf(unit);
        options.onProgress({ phase: 'compile', done: ++done, total, fraction: Math.min(fraction, 1), file: unit });
      }
    };
    const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / bytesPerJob)));
    // The first failure stops the others, and all are gone before the scratch folder is removed.
    const outcomes = await Promise.allSettled(
      Array.from({ length: jobs }, () =>
        worker().catch((error: unknown) => {
          failed.abort(error);
          throw error;
        }),
      ),
    );
    options.signal?.throwIfAborted();
    if (outcomes.some((outcome) => outcome.status === 'rejected')) throw failed.signal.reason;

    const ordered = [...sources.units].sort(
      (a, b) => Number(unoptimisedUnits.includes(a)) - Number(unoptimisedUnits.includes(b)),
    );
    const objects = ordered.map((unit) => objectOf(folder, unit));
    await run(
      options.compiler,
      [...toolchain.link, '-o', options.output, ...objects, ...toolchain.linkLast],
      'linking',
      log,
      options,
      signal,
    );
    options.onProgress({ phase: 'link', done: total, total, fraction: 1, file: toolchain.libraryName });
  } finally {
    log.end();
    await finished(log).catch(() => undefined);
  }
}

function objectOf(folder: string, unit: string): string {
  return join(folder, `${unit.replaceAll('/', '_')}.o`);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

async function run(
  compiler: string,
  values: readonly string[],
  what: string,
  log: WriteStream,
  options: CompileOptions,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  let output = '';
  const ended = await new Promise<number | NodeJS.Signals | Error | null>((resolve) => {
    // A group of its own: a compiler's driver, when killed, leaves the process that does the work running.
    const child = spawn(compiler, values, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const stop = (): void => killGroup(child);
    signal.addEventListener('abort', stop, { once: true });
    process.once('exit', stop);
    let error: Error | undefined;
    const collect = (text: string): void => {
      output = (output + text).slice(-64_000);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (thrown) => (error = thrown));
    // 'close' also follows a kill and a failed start: all processes that could write are gone then.
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      process.removeListener('exit', stop);
      resolve(error ?? code ?? killedBy);
    });
  });
  log.write(`${compiler} ${values.join(' ')}\n${output}`);
  if (ended === 0) return;
  signal.throwIfAborted();
  const reason =
    ended instanceof Error ? ended.message : typeof ended === 'number' ? `exit status ${ended}` : `killed by ${ended}`;
  throw new LightgbmBuildError(`${compiler} failed on ${what} (${reason}); its whole output is in ${options.log}`, {
    ...(ended instanceof Error ? { cause: ended } : {}),
    log: options.log,
    lastLines: output.trimEnd().split('\n').slice(-lastLineCount),
    hint:
      ended === 'SIGKILL'
        ? 'The system probably ran out of memory: free about 1 GB and try again.'
        : 'Check that the C++ compiler supports C++11 and OpenMP (-fopenmp), that the disk is not full, or set CXX to another compiler.',
  });
}
