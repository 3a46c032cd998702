import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PrimatrixError } from '@primatrix/contracts';
import { ensureLibrary } from '@primatrix/lightgbm-ts';
import { findLibrary } from '@primatrix/xgboost-ts';
import { lightgbmParams, seed, xgboostParams } from './bench-run.ts';
import type { BenchRun, Library } from './bench-run.ts';
import { lightgbmSource, xgboostSource } from './native-sources.ts';

/** A program that does in C++ what `run-binding` does in Node, linked to the same shared library. */
export interface NativeProgram {
  readonly path: string;
  readonly argumentsOf: (run: BenchRun) => readonly string[];
}

/**
 * Compiles the native counterpart into `folder`.
 * @throws `PrimatrixError` with code `BENCH_COMPILER` when that fails
 */
export async function compileNative(
  library: Library,
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<NativeProgram> {
  const shared = library === 'lightgbm' ? await ensureLibrary({ environment }) : await findLibrary(environment);
  const source = join(folder, `native-${library}.cpp`);
  const path = join(folder, `native-${library}`);
  await writeFile(source, library === 'lightgbm' ? lightgbmSource : xgboostSource);
  const compiler = environment['CXX'] ?? 'c++';
  try {
    await promisify(execFile)(compiler, [
      '-O2',
      '-std=c++11',
      source,
      shared,
      `-Wl,-rpath,${dirname(shared)}`,
      '-o',
      path,
    ]);
  } catch (cause) {
    throw new PrimatrixError('BENCH_COMPILER', `bench stack: ${compiler} could not compile the native program`, {
      cause,
      hint: 'Install a C++ compiler (Debian, Ubuntu: apt install g++), or set CXX.',
    });
  }
  return {
    path,
    argumentsOf: (run) => [
      run.matrix,
      run.labels,
      run.predictions,
      ...[run.rows, run.columns, run.classes, run.rounds].map(String),
      ...(library === 'lightgbm' ? lightgbmTexts(run) : xgboostTexts(run)),
    ],
  };
}

/** Parameters of the dataset, of training, and of prediction. */
function lightgbmTexts(run: BenchRun): string[] {
  const text = (settings: Readonly<Record<string, string | number | boolean>>): string =>
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
  const common = { verbosity: -1, num_threads: run.threads, feature_pre_filter: false };
  const params = { ...common, ...lightgbmParams(run) };
  return [
    text(params),
    text({ ...params, seed, deterministic: true, force_col_wise: true, num_iterations: run.rounds }),
    text({ verbosity: -1, num_threads: run.threads }),
  ];
}

/** Threads, then name and value of every parameter. */
function xgboostTexts(run: BenchRun): string[] {
  const params = { verbosity: 0, nthread: run.threads, seed, seed_per_iteration: 1, ...xgboostParams(run) };
  return [String(run.threads), ...Object.entries(params).flatMap(([name, value]) => [name, String(value)])];
}
