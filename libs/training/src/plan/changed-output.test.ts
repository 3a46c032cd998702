import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { takeLock } from '@primatrix/files';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runStage } from './run-stage.ts';
import type { Stage } from './stage.ts';

let folder: TemporaryFolder;
beforeEach(async () => void (folder = await temporaryFolder('primatrix-stage-')));
afterEach(() => folder.remove());

const run = { signal: new AbortController().signal, threads: 1, report: () => {} };
const fit: Stage = {
  project: 'net-a',
  task: 'train-fold-1',
  needs: [],
  cost: 1,
  inputs: async () => ({}),
  async run() {
    await writeFile(folder.join('model.json'), '{"bias":0.125}');
    return { outputs: ['model.json'], summary: null };
  },
};
const collect: Stage = {
  ...fit,
  task: 'bundle',
  needs: ['net-a:train-fold-1'],
  run: async () => ({ outputs: [], summary: null }),
};

it.each([
  ['a digit is another', () => writeFile(folder.join('model.json'), '{"bias":0.725}'), 'was changed after it was made'],
  ['there is more of it', () => appendFile(folder.join('model.json'), '\n'), 'has 15 bytes instead of 14'],
])('makes a result again, and lets nothing be made of it, where %s', async (_what, change, why) => {
  expect(await runStage(folder.path, fit, run)).toBe('done');
  expect(await runStage(folder.path, fit, run)).toBe('cached');
  await change();
  await expect(runStage(folder.path, collect, run)).rejects.toMatchObject({
    code: 'STAGE_NEEDS',
    message: `training: net-a:bundle needs net-a:train-fold-1, but model.json ${why}`,
  });
  expect(await runStage(folder.path, fit, run)).toBe('done');
  expect(await readFile(folder.join('model.json'), 'utf8')).toBe('{"bias":0.125}');
  expect(await runStage(folder.path, collect, run)).toBe('done');
});

it('leaves no lock of one who was killed once it was done', async () => {
  expect(await runStage(folder.path, fit, run)).toBe('done');
  const path = folder.join('stages/net-a/.train-fold-1.lock');
  const lock = await takeLock(path, 'killed');
  const left = (await readFile(path, 'utf8')).replace(/"pid":\d+/, '"pid":999999999');
  if (lock.held) await lock[Symbol.asyncDispose]();
  await writeFile(path, left);
  expect(await runStage(folder.path, fit, run)).toBe('cached');
  expect(existsSync(path)).toBe(false);
});

it('is made by one program at a time', async () => {
  let go = () => {};
  const waiting = new Promise<void>((resolve) => (go = resolve));
  let begun = () => {};
  const running = new Promise<void>((resolve) => (begun = resolve));
  const slow: Stage = { ...fit, run: () => (begun(), waiting.then(() => ({ outputs: [], summary: null }))) };
  const first = runStage(folder.path, slow, run);
  await running;
  await expect(runStage(folder.path, slow, run)).rejects.toMatchObject({
    code: 'STAGE_IN_USE',
    message: expect.stringContaining(
      `another program makes net-a:train-fold-1 in ${folder.path}: training, process`,
    ) as string,
  });
  go();
  expect(await first).toBe('done');
});
