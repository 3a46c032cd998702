import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { takeLock, waitForLock, type HeldLock } from './exclusive-lock.ts';

const compiled = new URL('../dist/index.js', import.meta.url);
/** Takes the lock on `take` and lets go of it on `free`; says how that went. */
const script = `
  const { takeLock } = await import(process.argv[1]);
  const { createInterface } = await import('node:readline');
  let lock;
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'take') {
      lock = await takeLock(process.argv[2], 'other');
      console.log(lock.held ? 'held' : 'by ' + lock.holder.pid);
    } else {
      if (lock.held) await lock[Symbol.asyncDispose]();
      console.log('free');
    }
  }`;

/** Another process that takes the lock when it is told to. */
class Other implements AsyncDisposable {
  readonly child: ChildProcess;
  private readonly lines: Interface;

  constructor(path: string, env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, ['--input-type=module', '-e', script, compiled.href, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    this.lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
  }

  async does(order: 'take' | 'free'): Promise<string> {
    const answer = once(this.lines, 'line');
    this.child.stdin?.write(`${order}\n`);
    return String((await answer)[0]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}

it('lets one in at a time, names the holder to others, and leaves nothing', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('a/.lock');
  {
    const lock = await takeLock(path, 'first');
    expect(lock.held).toBe(true);
    await using _held = lock as HeldLock;
    expect(await takeLock(path, 'second')).toMatchObject({
      held: false,
      holder: { program: 'first', pid: process.pid, host: hostname() },
    });
  }
  expect(await readdir(folder.join('a'))).toEqual([]);
});

it.skipIf(!existsSync(fileURLToPath(compiled)))(
  'is free at once when its holder was killed, whatever TMPDIR the next one has (needs the build)',
  async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('.lock');
    await using killed = new Other(path, { TMPDIR: folder.path });
    expect(await killed.does('take')).toBe('held');
    await using other = new Other(path);
    expect(await other.does('take')).toBe(`by ${killed.child.pid}`);
    await killed[Symbol.asyncDispose]();
    expect(await other.does('take')).toBe('held');
    expect(await other.does('free')).toBe('free');
    expect(await readdir(folder.path)).toEqual([]);
  },
);

it.skipIf(!existsSync(fileURLToPath(compiled)))(
  'goes to one of four that find the lock of one who was killed (needs the build)',
  async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('.lock');
    const killed = new Other(path);
    await killed.does('take');
    await killed[Symbol.asyncDispose]();
    const left = await readFile(path, 'utf8');
    const others = Array.from({ length: 4 }, () => new Other(path));
    try {
      for (let round = 0; round < 25; round++) {
        await writeFile(path, left.replace(/"id":"\w+"/, `"id":"${round}"`));
        // With the right to remove it taken by one who was killed just then, every other time.
        if (round % 2 === 1) await writeFile(`${path}.${round}-1`, left);
        const said = await Promise.all(others.map((other) => other.does('take')));
        expect(said.filter((text) => text === 'held')).toHaveLength(1);
        await Promise.all(others.map((other) => other.does('free')));
        expect(await readdir(folder.path)).toEqual([]);
      }
    } finally {
      for (const other of others) await other[Symbol.asyncDispose]();
    }
  },
);

it('is not taken for held where the process id has gone to another program', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('.lock');
  const first = await takeLock(path, 'first');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/"started":("\d+"|null)/, '"started":"1"'));
  const second = await takeLock(path, 'second');
  expect(second.held).toBe(process.platform === 'linux');
  if (second.held) await second[Symbol.asyncDispose]();
  if (first.held) await first[Symbol.asyncDispose]();
});

it.concurrent('belongs to another machine as long as that touches it, and a while longer', async ({ expect }) => {
  await using folder = await temporaryFolder();
  const path = folder.join('.lock');
  const own = await takeLock(path, 'first');
  const text = (await readFile(path, 'utf8')).replace(/"machine":"[^"]*"/, '"machine":"another"');
  if (own.held) await own[Symbol.asyncDispose]();
  await writeFile(path, text);
  const beats = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), 1000);
  expect(await takeLock(path, 'second')).toMatchObject({ held: false, holder: { program: 'first' } });
  clearInterval(beats);
  const started = performance.now();
  const taken = await takeLock(path, 'second');
  expect(taken.held).toBe(true);
  expect(performance.now() - started).toBeGreaterThan(14_000);
  if (taken.held) await taken[Symbol.asyncDispose]();
});

it.concurrent('is taken over from a file that names nobody', async ({ expect }) => {
  await using folder = await temporaryFolder();
  const path = folder.join('.lock');
  await writeFile(path, '');
  const taken = await takeLock(path, 'first');
  expect(taken.held).toBe(true);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ program: 'first' });
  if (taken.held) await taken[Symbol.asyncDispose]();
  expect(await readdir(folder.path)).toEqual([]);
});

it('can be waited for, one after the other, and until somebody has had enough', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('.lock');
  const order: number[] = [];
  let inside = 0;
  const work = async (number: number) => {
    await using _lock = await waitForLock(path, `${number}`);
    expect(++inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(number);
    inside--;
  };
  await Promise.all([work(0), work(1), work(2)]);
  expect(order.sort()).toEqual([0, 1, 2]);

  await using _held = await waitForLock(path, 'first');
  const enough = new AbortController();
  const heard: string[] = [];
  const onWait = ({ program }: { program: string }) => {
    heard.push(program);
    enough.abort(new Error('enough'));
  };
  await expect(waitForLock(path, 'second', { signal: enough.signal, onWait })).rejects.toThrow();
  expect(heard).toEqual(['first']);
  expect(await readFile(path, 'utf8')).toContain('first');
});
