import { link, open, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from './make-folder.ts';
import { hasEnded, thisProcess, type LockHolder } from './lock-holder.ts';
import { temporaryName } from './temporary-name.ts';

/** How often a holder touches its lock, for those on other machines who cannot ask whether it runs. */
const heartbeatMs = 4_000;
/** A holder on another machine that is silent for so long has ended: three beats and some. */
const silenceMs = 15_000;
const lookMs = 500;
/** How often somebody who waits asks again. */
const pollMs = 250;

/** A lock that is held; disposing of it lets the next one in. */
export interface HeldLock extends AsyncDisposable {
  readonly held: true;
}

/** A lock that somebody else holds. */
export interface LockedByOther {
  readonly held: false;
  readonly holder: LockHolder;
}

/**
 * Takes a lock that one process at a time can have: a file that names its holder. It does not wait for one who works.
 * Who was killed leaves a file that names nobody alive: it is taken over, by one of however many try. On this machine
 * the system is asked whether the holder runs; of another machine (a shared folder, a container) only its heartbeat
 * is known, so that this takes up to 15 s then, and a program that was suspended for longer has lost its lock.
 * @param path the file; folders are made
 * @param program what the holder calls itself, as `predict`: it is named to the next one
 */
export async function takeLock(path: string, program: string): Promise<HeldLock | LockedByOther> {
  await makeFolder(dirname(path));
  const own = await thisProcess(program);
  for (;;) {
    const handle = await create(path, own);
    if (handle !== undefined) return heldLock(path, handle, own);
    const found = await readHolder(path);
    if (found === undefined) continue;
    if (!(await isStale(path, found))) return { held: false, holder: found };
    await removeStale(path, found, own);
  }
}

/** How somebody waits for a lock. */
export interface LockPatience {
  readonly signal?: AbortSignal | undefined;
  /** Called once, where there is somebody to wait for. */
  readonly onWait?: (holder: LockHolder) => void;
}

/**
 * Takes a lock as {@link takeLock} does, after all who have it.
 * @throws the signal's reason where the waiting is ended
 */
export async function waitForLock(
  path: string,
  program: string,
  { signal, onWait }: LockPatience = {},
): Promise<HeldLock> {
  for (let told = false; ; told = true) {
    signal?.throwIfAborted();
    const lock = await takeLock(path, program);
    if (lock.held) return lock;
    if (!told) onWait?.(lock.holder);
    await sleep(pollMs, undefined, { signal });
  }
}

function heldLock(path: string, handle: FileHandle, own: LockHolder): HeldLock {
  const heartbeat = setInterval(() => {
    const now = performance.timeOrigin + performance.now();
    // By the open file and not by its name: another's lock must not be kept alive.
    handle.utimes(now / 1000, now / 1000).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  return {
    held: true,
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      await handle.close();
      if ((await readHolder(path))?.id === own.id) await rm(path, { force: true });
    },
  };
}

/** Makes the file with all that it says, or not at all. @returns undefined where there is one */
async function create(path: string, own: LockHolder): Promise<FileHandle | undefined> {
  const temporary = temporaryName(path);
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(`${JSON.stringify(own)}\n`);
    await link(temporary, path);
    return handle;
  } catch (error) {
    await handle.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return undefined;
    // File systems of cards and of some shares have no links.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS' || code === 'EMLINK') {
      return createWithoutLink(path, own);
    }
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** For a moment the file is empty: nobody is known of it, and it is waited for. */
async function createWithoutLink(path: string, own: LockHolder): Promise<FileHandle | undefined> {
  try {
    const handle = await open(path, 'wx');
    await handle.writeFile(`${JSON.stringify(own)}\n`);
    return handle;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/**
 * Who holds a lock; a file that says something else has a holder of whom nothing is known. Undefined where there is
 * none.
 */
async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    const [text, info] = [await readFile(path, 'utf8'), await stat(path)];
    return parseHolder(text) ?? { ...unknown, id: `unknown-${info.ino}-${info.ctimeMs}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const unknown = { program: 'another program', pid: 0, started: null, machine: 'unknown', host: 'unknown', since: '' };

function parseHolder(text: string): LockHolder | undefined {
  try {
    const { id, pid, started, machine, host, program, since } = JSON.parse(text) as Record<string, unknown>;
    const texts = [id, machine, host, program, since];
    if (!texts.every((value) => typeof value === 'string') || !Number.isInteger(pid)) return undefined;
    if (started !== null && typeof started !== 'string') return undefined;
    return { id, pid, started, machine, host, program, since } as LockHolder;
  } catch {
    return undefined;
  }
}

/**
 * Whether a lock's holder has ended. Of another machine's it is watched whether it still touches its file, by our
 * clock alone.
 */
async function isStale(path: string, holder: LockHolder): Promise<boolean> {
  const ended = await hasEnded(holder);
  if (ended !== undefined) return ended;
  const before = await lastBeat(path);
  for (let waited = 0; waited < silenceMs; waited += lookMs) {
    await sleep(lookMs);
    const now = await lastBeat(path);
    // It is gone: whoever wants it may try again.
    if (now === undefined) return true;
    if (now !== before) return false;
  }
  return true;
}

/** Opened anew each time: a share asks its server then, and not its cache. */
async function lastBeat(path: string): Promise<bigint | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      return (await handle.stat({ bigint: true })).mtimeNs;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * Removes the lock of one who has ended. The right to do that is itself made once: by a file named after this very
 * lock. Who has it looks again, so that one who found the lock stale long ago does not remove the lock of one who
 * took it over since. Where whoever had the right was killed too, the next one has the next.
 */
async function removeStale(path: string, stale: LockHolder, own: LockHolder): Promise<void> {
  const right = (turn: number) => `${path}.${stale.id}-${turn}`;
  for (let turn = 1; ; turn++) {
    const handle = await create(right(turn), own);
    if (handle !== undefined) {
      await handle.close();
      try {
        if ((await readHolder(path))?.id === stale.id) await rm(path, { force: true });
      } finally {
        for (let used = turn; used > 0; used--) await rm(right(used), { force: true });
      }
      return;
    }
    const other = await readHolder(right(turn));
    // Another has removed it, or is about to: the lock is looked at anew.
    if (other === undefined || !(await isStale(right(turn), other))) return void (await sleep(20));
  }
}
