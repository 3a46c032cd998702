import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runPlan } from './run-plan.ts';
import type { Stage } from './stage.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => void (folder = await temporaryFolder('primatrix-plan-')));
afterAll(() => folder.remove());

/** Runs stages that hold so many bytes, and tells which were running when one began. */
async function together(bytes: readonly number[], memory?: number): Promise<string[][]> {
  const running = new Set<string>();
  const seen: string[][] = [];
  const stages = bytes.map((held, i): Stage => ({
    project: `plan-${memory}`,
    task: `${i}`,
    needs: [],
    cost: 1,
    memory: async () => held,
    inputs: async () => ({ held, i }),
    async run() {
      running.add(`${i}`);
      seen.push([...running].sort());
      await pause(30);
      running.delete(`${i}`);
      return { outputs: [], summary: null };
    },
  }));
  await runPlan(stages, {
    artifacts: folder.path,
    signal: new AbortController().signal,
    parallel: 3,
    ...(memory === undefined ? {} : { memory }),
  });
  return seen;
}

it('starts as many stages at once as there are cores', async () => {
  expect((await together([1, 1, 1])).at(-1)).toEqual(['0', '1', '2']);
});

it('starts no more stages at once than memory holds, and lets smaller ones pass', async () => {
  const seen = await together([6, 6, 3], 10);
  expect(seen.some((names) => names.includes('0') && names.includes('1'))).toBe(false);
  expect(seen.some((names) => names.includes('0') && names.includes('2'))).toBe(true);
  expect(seen).toHaveLength(3);
});

it('runs a stage that wants more memory than there is alone', async () => {
  expect(await together([20, 1], 10)).toEqual([['0'], ['1']]);
});

it('gives threads that nobody else has work for to a stage whose results do not depend on them', async () => {
  const given = new Map<string, number>();
  let begun = 0;
  const stage = (task: string, spreads: boolean, needs: string[] = []): Stage => ({
    ...{ project: 'threads', task, needs, cost: 1, spreads },
    inputs: async () => ({ task }),
    async run({ threads }) {
      given.set(task, threads);
      begun += 1;
      // Those that can run at once do.
      if (task !== 'last') while (begun < 3) await pause(5);
      return { outputs: [], summary: null };
    },
  });
  const stages = [
    ...[stage('a', true), stage('b', false), stage('c', true)],
    stage('last', true, ['threads:a', 'threads:b', 'threads:c']),
  ];
  await runPlan(stages, { artifacts: folder.path, signal: new AbortController().signal, parallel: 5 });
  expect(Object.fromEntries(given)).toEqual({ a: 3, b: 1, c: 1, last: 5 });
});

it('runs stages that compute on a device one after the other, and others beside them', async () => {
  const running = new Set<string>();
  const seen: string[] = [];
  const stage = (task: string, onDevice: boolean): Stage => ({
    ...{ project: 'device', task, needs: [], cost: 1, onDevice },
    inputs: async () => ({ task }),
    async run() {
      running.add(task);
      await pause(20);
      seen.push([...running].sort().join(''));
      running.delete(task);
      return { outputs: [], summary: null };
    },
  });
  const stages = [stage('a', true), stage('b', true), stage('c', false)];
  await runPlan(stages, { artifacts: folder.path, signal: new AbortController().signal, parallel: 3 });
  expect(seen.some((names) => names.includes('a') && names.includes('b'))).toBe(false);
  expect(seen[0]).toMatch(/ac|bc/);
});
