import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const heartbeatMs = 5_000;
/** A holder this silent is taken for dead even if its process id exists: ids are reused, and caches are shared by hosts. */
const silentMs = 60_000;
const pollMs = 250;

let counter = 0;

/**
 * Runs `work` while holding the lock file `path`, waiting for other holders, of this process or another. A lock whose
 * holder has died is taken over. `onWait` is called once if there is somebody to wait for.
 */
export async function withBuildLock<T>(
  path: string,
  options: { readonly signal?: AbortSignal | undefined; readonly onWait?: () => void },
  work: () => Promise<T>,
): Promise<T> {
  const holder = `${process.pid} ${hostname()} ${counter++}\n`;
  for (let attempt = 0; !(await tryTake(path, holder)); attempt++) {
    options.signal?.throwIfAborted();
    if (await isStale(path)) {
      await breakLock(path);
      continue;
    }
    if (attempt === 0) options.onWait?.();
    await sleep(pollMs, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await readFile(path, 'utf8').catch(() => '')) === holder) await rm(path, { force: true });
  }
}

async function tryTake(path: string, holder: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(holder);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = [await readFile(path, 'utf8'), await stat(path)];
    if (Date.now() - mtimeMs > silentMs) return true;
    const [pid, host] = text.trim().split(' ');
    // A lock just made may still be empty; then only its age counts.
    return pid !== undefined && pid !== '' && host === hostname() && !processExists(Number(pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Renames before removing: of several that found the lock stale, one wins, and the others find nothing to rename. */
async function breakLock(path: string): Promise<void> {
  const aside = `${path}.${process.pid}-${counter++}`;
  try {
    await rename(path, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
