import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { forkChild, type ChildHandle } from './fork-child.ts';

type Said = Record<string, unknown>;

// A process of its own runs what is built.
const built = new URL('../dist/index.js', import.meta.url);
const begin = `
  import { writeFile } from 'node:fs/promises';
  import { UsageError } from ${JSON.stringify(new URL('../../contracts/dist/index.js', import.meta.url))};
  import { asChild, doAsChild } from ${JSON.stringify(built)};
`;

/** Starts a module that is these lines, and settles with all it said when it has ended. */
async function runChild(lines: string, during: (child: ChildHandle<Said>, said: Said) => void = () => undefined) {
  await using folder = await temporaryFolder();
  const module = folder.join('child.mjs');
  await writeFile(module, begin + lines);
  const child = forkChild<Said>(pathToFileURL(module), { settings: { rounds: 3 }, patienceMs: 2000 });
  const said: Said[] = [];
  child.onMessage((message) => {
    said.push(message);
    during(child, message);
  });
  await new Promise<void>((resolve) => child.onExit(resolve));
  return said;
}

it('gives a child its settings, and what it sends last arrives before its end is told', async () => {
  const said = await runChild(`await doAsChild(async ({ settings, send }) => {
    for (let i = 0; i < 200; i++) void send({ i, text: 'x'.repeat(10_000) });
    await send({ type: 'done', settings });
  });`);
  expect(said).toHaveLength(201);
  expect(said.at(-1)).toEqual({ type: 'done', settings: { rounds: 3 } });
});

it('tells why a child failed, with what can be done', async () => {
  expect(await runChild(`await doAsChild(() => { throw new TypeError('no such thing'); });`)).toEqual([
    { type: 'failed', message: 'no such thing' },
  ]);
  const lines = `await doAsChild(async () => { throw new UsageError('FILE', 'a.csv: is empty', { hint: 'fill it' }); });`;
  expect(await runChild(lines)).toEqual([{ type: 'failed', message: 'a.csv: is empty (fill it)' }]);
});

it('asks a child to stop, which ends in its own time', async () => {
  await using folder = await temporaryFolder();
  const lines = `await doAsChild(async ({ send, stop }) => {
    await send({ type: 'ready' });
    await new Promise((resolve) => { const wait = setInterval(() => stop.aborted && (clearInterval(wait), resolve()), 5); });
    await writeFile(${JSON.stringify(folder.join('ended'))}, 'by itself');
  });`;
  const stopped: Promise<void>[] = [];
  const said = await runChild(lines, (child) => void stopped.push(child.stop()));
  await Promise.all(stopped);
  expect(said).toEqual([{ type: 'ready' }]);
  expect(await readFile(folder.join('ended'), 'utf8')).toBe('by itself');
});

it('kills a child that does not stop', async () => {
  const stopped: Promise<void>[] = [];
  const lines = `const { send } = asChild(); await send({ type: 'ready' }); setInterval(() => {}, 1000);`;
  await runChild(lines, (child) => void stopped.push(child.stop()));
  expect(await Promise.all(stopped)).toHaveLength(1);
});
