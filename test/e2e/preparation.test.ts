import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { run, start } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const clip = join(sample.dataset, 'clips/clip_0001.mp4');

/** A machine on which nothing was prepared, and no compiler answers. */
const bare = (cache: string) => ({
  PRIMATRIX_CACHE: cache,
  PRIMATRIX_LIGHTGBM: '',
  CXX: join(cache, 'no-compiler'),
});

/** The members of a bundle that a family makes, as they stand in its manifest. */
interface Manifest {
  stacks: { family: string; member: string; models: { path: string }[] }[];
  ensemble: { weights: Record<string, number> };
}

/** A row of predictions, as JSON. */
interface Row {
  status: string;
  fault: string;
  reason: string;
  probabilities: Record<string, number>;
  members: Record<string, Record<string, number>>;
}

/** A copy of the sample's bundle without the members of one family; the weights of the others add to 1. */
async function bundleWithout(family: string, folder: string): Promise<string[]> {
  await cp(sample.bundle, folder, { recursive: true });
  const path = join(folder, 'bundle.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  const gone = manifest.stacks.filter((stack) => stack.family === family).map(({ member }) => member);
  manifest.stacks = manifest.stacks.filter((stack) => stack.family !== family);
  const left = Object.keys(manifest.ensemble.weights).filter((member) => !gone.includes(member));
  manifest.ensemble.weights = Object.fromEntries(left.map((member) => [member, 1 / left.length]));
  await writeFile(path, JSON.stringify(manifest));
  return gone;
}

it('predicts with a bundle without LightGBM where that was never built and cannot be', async () => {
  await using folder = await temporaryFolder();
  const [bundle, cache] = [folder.join('bundle'), folder.join('cache')];
  await mkdir(cache);
  expect(await bundleWithout('stack-lightgbm', bundle)).toEqual(['stack-lightgbm-a', 'stack-lightgbm-b']);
  const predict = (of: string) => ['predict', clip, '--bundle', of, '--out', folder.join('out.csv')];

  const without = await run(predict(bundle), { env: bare(cache) });
  expect(without.stderr).not.toMatch(/lightgbm/i);
  expect(without).toMatchObject({ status: 0, stdout: expect.stringContaining('1 ok') as string });
  expect(await readdir(cache)).toEqual([]);

  // The same machine, and the bundle as it was: to the others' weights, which make up for what is not there.
  const whole = await run([...predict(sample.bundle), '--format', 'json'], { env: bare(cache) });
  expect(whole).toMatchObject({ status: 0, stdout: expect.stringContaining('1 degraded') as string });
  expect(whole.stderr).toMatch(/without stack-lightgbm \(platform's policy\): .*no C\+\+ compiler answers/);
  const { rows } = JSON.parse(await readFile(folder.join('out.csv'), 'utf8')) as { rows: [Row] };
  const [row] = rows;
  expect(row).toMatchObject({ status: 'degraded', fault: 'incomplete' });
  expect(row.reason).toContain('no C++ compiler answers');
  expect(Object.keys(row.members).filter((name) => name.startsWith('stack-lightgbm'))).toEqual([]);
  const { ensemble } = JSON.parse(await readFile(join(sample.bundle, 'bundle.json'), 'utf8')) as Manifest;
  const weights = Object.entries(ensemble.weights).filter(([name]) => row.members[name] !== undefined);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, p] of Object.entries(row.probabilities)) {
    const mean = weights.reduce(
      (sum, [member, weight]) => sum + (weight * (row.members[member]?.[name] ?? 9)) / total,
      0,
    );
    expect(p).toBeCloseTo(mean, 12);
  }
});

it('leaves a stacker out of predictions and trainings whose library cannot be loaded here', async () => {
  await using folder = await temporaryFolder();
  const broken = folder.join('libxgboost.so');
  await writeFile(broken, 'of another platform');
  const env = { PRIMATRIX_XGBOOST: broken };
  const predicted = await run(['predict', clip, '--bundle', sample.bundle, '--out', folder.join('out.csv')], { env });
  expect(predicted).toMatchObject({ status: 0, stdout: expect.stringContaining('1 degraded') as string });
  expect(await readFile(folder.join('out.csv'), 'utf8')).toMatch(
    /without stack-xgboost.*libxgboost\.so cannot be loaded/,
  );

  const options = ['--dataset', sample.dataset, '--artifacts', folder.join('artifacts'), '--only', 'none'];
  const planned = await run(['train', '--dry-run', ...options], { env });
  expect(planned.stdout).toContain('stack-lightgbm:');
  expect(planned.stdout).not.toContain('stack-xgboost:');
  expect(planned.stderr).toMatch(/left out stack-xgboost: .*cannot be loaded/);
});

it('tells how far the preparation of a bundle with LightGBM is, and stops it', async () => {
  await using folder = await temporaryFolder();
  const compiler = folder.join('compiler');
  // Makes empty files, slowly: what is compiled is not the matter here.
  await writeFile(compiler, '#!/bin/sh\nfor a; do [ "$last" = -o ] && sleep 0.2 && : > "$a"; last="$a"; done\n', {
    mode: 0o755,
  });
  const running = start(['inspect', clip, '--bundle', sample.bundle], {
    env: { ...bare(folder.join('cache')), CXX: compiler },
  });
  expect(await running.says('prepare lightgbm (once)')).toMatch(/prepare lightgbm \(once\) .* %/);
  running.interrupt();
  expect((await running.ended).status).toBe(130);
});
