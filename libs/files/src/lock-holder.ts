import { randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isRunning } from './is-running.ts';

/** Who holds a lock, as the lock's file says it. */
export interface LockHolder {
  /** Of this one lock: no other is ever called so. */
  readonly id: string;
  /** What it calls itself. */
  readonly program: string;
  readonly pid: number;
  /**
   * When the system started the process, in words of the system: process ids are used again. Null where it does not
   * say.
   */
  readonly started: string | null;
  /** The machine, since it was started, and the part of it whose process ids these are: containers have their own. */
  readonly machine: string;
  /** For people. */
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** This process, as the holder of a new lock. */
export async function thisProcess(program: string): Promise<LockHolder> {
  return {
    id: randomBytes(8).toString('hex'),
    program,
    pid: process.pid,
    started: await startOf(process.pid),
    machine: await thisMachine(),
    host: hostname(),
    since: new Date(performance.timeOrigin + performance.now()).toISOString(),
  };
}

/** Whether a holder has ended; undefined where it cannot be known from here, as it is another machine's. */
export async function hasEnded({ machine, pid, started }: LockHolder): Promise<boolean | undefined> {
  if (machine !== (await thisMachine())) return undefined;
  return !isRunning(pid) || (started !== null && (await startOf(pid)) !== started);
}

/** A holder in words: `predict, process 4711 on station-2, since 2026-11-29T22:14:03.000Z`. */
export function describeHolder({ program, pid, host, since }: LockHolder): string {
  return pid === 0 ? program : `${program}, process ${pid} on ${host}, since ${since}`;
}

let machine: Promise<string> | undefined;

function thisMachine(): Promise<string> {
  machine ??= Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]).then(([boot, processes]) => [hostname(), boot.trim(), processes].join(' '));
  return machine;
}

/**
 * Ticks since the machine was started (Linux). The name of the program before them may hold anything but the last
 * bracket.
 */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
