import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';

/** The command line as people start it; `npm test` builds it first. */
const program = join(workspaceRoot(), 'apps/primatrix/bin/primatrix.js');

/** How a run of the command line ended, and what it printed. */
export interface Finished {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Largest resident memory that was seen, in MiB; 0 where the system does not say. */
  readonly peakMiB: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A run that goes on. */
export interface Running {
  readonly pid: number | undefined;
  readonly ended: Promise<Finished>;
  /** Resolves once this was printed to stderr, or the process has ended, with what was printed since it was asked. */
  says(text: string): Promise<string>;
  /** Largest resident memory up to now, in MiB; 0 where the system does not say. */
  peakMiB(): number;
  /** Sends a signal to the process alone, as `kill` does. */
  kill(signal: NodeJS.Signals): void;
  /** Sends SIGINT to the process and to all it started, as Ctrl-C in a terminal does. */
  interrupt(): void;
}

/** Starts the command line in a process group of its own. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  return startProgram(program, args, options);
}

/** Starts another edition of the command line: that of a copy of the workspace. */
export function startProgram(path: string, args: readonly string[], options: RunOptions = {}): Running {
  return startProcess(process.execPath, [path, ...args], options);
}

/** Runs the command line to its end. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return start(args, options).ended;
}

/** Runs the command line from a shell, after `setup` (for example `ulimit -f 100`). */
export function runAfter(setup: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return startProcess('/bin/sh', ['-c', `${setup}; exec "$@"`, 'sh', process.execPath, program, ...args], options)
    .ended;
}

function startProcess(command: string, args: readonly string[], { cwd, env }: RunOptions): Running {
  // PRIMATRIX_DEBUG would print stack traces; weights that somebody imported would change results.
  const inherited = { ...process.env };
  delete inherited['PRIMATRIX_DEBUG'];
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...inherited, PRIMATRIX_WEIGHTS: '/nonexistent/weights', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  const ended = finish(child);
  return {
    pid,
    ended,
    says: (text) => {
      let heard = '';
      const said = new Promise<string>((resolve) =>
        child.stderr.on('data', (piece: string) => (heard += piece).includes(text) && resolve(heard)),
      );
      return Promise.race([said, ended.then(() => heard)]);
    },
    peakMiB: () => residentMiB(pid),
    kill: (signal) => void child.kill(signal),
    interrupt: () => void (pid === undefined ? false : process.kill(-pid, 'SIGINT')),
  };
}

async function finish(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  let peakMiB = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const sampling = setInterval(() => (peakMiB = Math.max(peakMiB, residentMiB(child.pid))), 20);
  try {
    const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject).once('close', (code, by) => resolve([code, by]));
    });
    return { status, signal, stdout, stderr, peakMiB };
  } finally {
    clearInterval(sampling);
  }
}

/** The kernel keeps the peak itself, so that samples between two allocations miss nothing but the last moment. */
function residentMiB(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
