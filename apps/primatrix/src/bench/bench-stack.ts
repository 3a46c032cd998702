import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { libraries } from './bench-run.ts';
import type { BenchRun, Library, RunReport } from './bench-run.ts';
import { writeTable } from './bench-table.ts';
import type { TableFiles, TableSize } from './bench-table.ts';
import { compileNative } from './native-program.ts';
import type { NativeProgram } from './native-program.ts';

/** How large the table is, and how much is trained on it. */
export interface StackBenchOptions extends Partial<TableSize> {
  /** Of `lightgbm`, `xgboost`; default both. */
  readonly only?: readonly string[];
  /** Default 4 for LightGBM, 1 for XGBoost, whose exact trees take longer. */
  readonly rounds?: number;
  /** Default all cores. */
  readonly threads?: number;
  /** Runs of each side; default 3. */
  readonly repeats?: number;
  readonly report?: (line: string) => void;
}

/** Medians over the runs of one side. */
type Side = RunReport;

/** One library through its binding beside a native program, in time and memory. */
interface LibraryBench {
  readonly rounds: number;
  readonly native: Side;
  readonly binding: Side;
  /** Dataset and training through the binding, as multiple of the native program's time. At most 1.05 is asked for. */
  readonly timeRatio: number;
  /** The same of processor time, which other programs on the machine disturb less. */
  readonly cpuRatio: number;
  /** Whether all predictions of all runs, of both sides, are the same to the last bit. */
  readonly predictionsEqual: boolean;
  /**
   * How often the matrix lies in memory on the binding's side, the library's own structures apart: 1 + what the binding's
   * process grew more than the native one's, over the matrix. Growth is above the same process with a tiny table. At most 1.2.
   */
  readonly memoryRatio: number;
  /** Most memory of the whole process over the matrix: runtime, matrix and what the library itself keeps. */
  readonly peakOverMatrix: { readonly native: number; readonly binding: number };
}

/** Both libraries over one synthetic table of [rows, columns]; memory in bytes. */
export interface StackBench extends TableSize {
  readonly threads: number;
  readonly repeats: number;
  readonly matrixBytes: number;
  readonly libraries: Readonly<Partial<Record<Library, LibraryBench>>>;
}

const tiny: TableSize = { rows: 100, columns: 4, classes: 2 };

/**
 * Trains on a synthetic second-level table (20,000 x 1,000, 24 classes unless told otherwise) through the bindings
 * and through native programs linked to the same libraries, in turns, a fresh process each.
 * @throws UsageError `BENCH_LIBRARY`; PrimatrixError `BENCH_COMPILER`, `BENCH_PROCESS`
 */
export async function benchStack(options: StackBenchOptions = {}): Promise<StackBench> {
  const {
    rows = 20_000,
    columns = 1000,
    classes = 24,
    threads = availableParallelism(),
    repeats = 3,
    report = () => undefined,
  } = options;
  const chosen = options.only ?? libraries;
  const unknown = chosen.find((name) => !libraries.includes(name as Library));
  if (unknown !== undefined) {
    throw new UsageError('BENCH_LIBRARY', `bench stack: there is no library '${unknown}'`, {
      hint: `libraries: ${libraries.join(', ')}`,
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'primatrix-bench-'));
  try {
    const table = await tableIn(join(folder, 'table'), { rows, columns, classes });
    const small = await tableIn(join(folder, 'tiny'), tiny);
    const results: Partial<Record<Library, LibraryBench>> = {};
    for (const library of chosen as Library[]) {
      const program = await compileNative(library, folder);
      const rounds = options.rounds ?? (library === 'lightgbm' ? 4 : 1);
      results[library] = await benchLibrary({
        library,
        program,
        folder,
        table,
        small,
        rounds,
        threads,
        repeats,
        report,
      });
    }
    return { rows, columns, classes, threads, repeats, matrixBytes: 4 * rows * columns, libraries: results };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tableIn(folder: string, size: TableSize): Promise<TableFiles> {
  await mkdir(folder);
  return writeTable(folder, size, 1);
}

interface LibraryBenchInput {
  readonly library: Library;
  readonly program: NativeProgram;
  readonly folder: string;
  readonly table: TableFiles;
  readonly small: TableFiles;
  readonly rounds: number;
  readonly threads: number;
  readonly repeats: number;
  readonly report: (line: string) => void;
}

async function benchLibrary({
  library,
  program,
  folder,
  table,
  small,
  rounds,
  threads,
  repeats,
  report,
}: LibraryBenchInput): Promise<LibraryBench> {
  const one = async (
    side: 'native' | 'binding',
    files: TableFiles,
  ): Promise<{ report: RunReport; predictions: Buffer }> => {
    const run: BenchRun = { ...files, library, rounds, threads, predictions: join(folder, 'predictions') };
    const told = await (side === 'native'
      ? runProcess(program.path, program.argumentsOf(run))
      : runProcess(process.execPath, [bindingFile(), JSON.stringify(run)]));
    return { report: told, predictions: await readFile(run.predictions) };
  };
  const idle = {
    native: (await one('native', small)).report.peakBytes,
    binding: (await one('binding', small)).report.peakBytes,
  };
  const reports: Record<'native' | 'binding', RunReport[]> = { native: [], binding: [] };
  let first: Buffer | undefined;
  let predictionsEqual = true;
  for (let turn = 0; turn < repeats; turn++) {
    // Who begins changes, so that a machine that slows down hits both.
    for (const side of turn % 2 === 0 ? (['native', 'binding'] as const) : (['binding', 'native'] as const)) {
      const { report: told, predictions } = await one(side, table);
      report(
        `${library}, ${side}: ${(told.createSeconds + told.trainSeconds).toFixed(2)} s (${told.cpuSeconds.toFixed(2)} s of processors), ${(told.peakBytes / 1e6).toFixed(0)} MB`,
      );
      reports[side].push(told);
      first ??= predictions;
      predictionsEqual &&= first.equals(predictions);
    }
  }
  const [native, binding] = [mediansOf(reports.native), mediansOf(reports.binding)];
  const matrixBytes = 4 * table.rows * table.columns;
  return {
    rounds,
    native,
    binding,
    timeRatio: (binding.createSeconds + binding.trainSeconds) / (native.createSeconds + native.trainSeconds),
    cpuRatio: binding.cpuSeconds / native.cpuSeconds,
    predictionsEqual,
    memoryRatio: 1 + (binding.peakBytes - idle.binding - (native.peakBytes - idle.native)) / matrixBytes,
    peakOverMatrix: { native: native.peakBytes / matrixBytes, binding: binding.peakBytes / matrixBytes },
  };
}

function mediansOf(reports: readonly RunReport[]): Side {
  const median = (of: (report: RunReport) => number): number => {
    const sorted = reports.map(of).sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
  };
  return {
    createSeconds: median((report) => report.createSeconds),
    trainSeconds: median((report) => report.trainSeconds),
    predictSeconds: median((report) => report.predictSeconds),
    cpuSeconds: median((report) => report.cpuSeconds),
    peakBytes: median((report) => report.peakBytes),
  };
}

async function runProcess(command: string, values: readonly string[]): Promise<RunReport> {
  try {
    const { stdout } = await promisify(execFile)(command, values);
    return JSON.parse(stdout) as RunReport;
  } catch (cause) {
    throw new PrimatrixError('BENCH_PROCESS', `bench stack: ${command} failed: ${(cause as Error).message}`, { cause });
  }
}

/** Node runs the built file, also when this module runs from its source. */
function bindingFile(): string {
  const url = new URL(
    import.meta.url.endsWith('.ts') ? '../../dist/bench/run-binding.js' : './run-binding.js',
    import.meta.url,
  );
  const path = fileURLToPath(url);
  if (!existsSync(path)) {
    throw new PrimatrixError('BENCH_PROCESS', `bench stack: ${path} is missing`, {
      hint: 'Build the package first: npx tsc -b',
    });
  }
  return path;
}
