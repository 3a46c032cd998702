import { readFile, stat } from 'node:fs/promises';
import { readPredictions } from '@primatrix/dataset';
import { bundledFiles, readBundle } from '@primatrix/prediction';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { rehearsedTraining, usualClassCounts } from './rehearsed-training.ts';
import { rehearsalSteps } from './steps.ts';

it('rehearses a whole training of a few hundred clips, step by step', { timeout: 900_000 }, async () => {
  await using folder = await temporaryFolder();
  const training = await rehearsedTraining({
    ...{ folder: folder.path, profile: 'laptop', clips: 300, rounds: 2, threads: 1 },
    classCounts: new Map(
      [...usualClassCounts].slice(0, 4).map(([name, count], c) => [c === 0 ? 'blank' : name, count]),
    ),
  });
  const rounds = new Map<string, number>();
  for (const { name, run, declares } of rehearsalSteps(training)) {
    let count = 0;
    await run(training, () => count++);
    rounds.set(name, count);
    if (declares !== undefined) expect(await declares(training), name).toBeGreaterThan(0);
  }
  const fitted = [...rounds].filter(([name]) => /:train-[^:]*$/.test(name));
  for (const [name, count] of fitted) expect(count, name).toBeGreaterThanOrEqual(1);
  const tests = training.dataset.clips.filter(({ split }) => split === 'test');
  expect((await readPredictions(folder.join('ensemble/submission.csv'))).filenames).toHaveLength(tests.length);
  const { manifest } = await readBundle(folder.join('bundle'));
  expect(manifest.stacks).toHaveLength(6);
  for (const { path } of bundledFiles(manifest)) {
    expect((await stat(folder.join(`bundle/${path}`))).size).toBeGreaterThan(0);
  }
  expect(await readFile(folder.join('report/index.html'), 'utf8')).toContain('clips skipped against animals lost');
});
