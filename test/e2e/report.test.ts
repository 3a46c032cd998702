import { cp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { run } from '../support/primatrix.ts';
import { trainingOptions } from '../support/trained-sample.ts';

const sample = inject('trainedSample');
const page = () => readFile(join(sample.artifacts, 'report/index.html'), 'utf8');

describe('the report of a training', () => {
  it('is of modest size and knows nothing of the machine', async () => {
    const text = await page();
    expect(text.length).toBeLessThan(3_000_000);
    for (const local of [sample.dataset, sample.artifacts, tmpdir(), new Date().toISOString().slice(0, 10)]) {
      expect(text).not.toContain(local);
    }
  });

  it('tells of every model, fault and digest', async () => {
    const text = await page();
    const { members, faults } = JSON.parse(sample.trainingSummary) as {
      members: object;
      faults: { filename: string }[];
    };
    for (const name of [...Object.keys(members), ...faults.map(({ filename }) => filename)]) {
      expect(text).toContain(`<bdi>${name}</bdi>`);
    }
    const bundle = JSON.parse(await readFile(join(sample.artifacts, 'stages/ensemble/bundle.json'), 'utf8')) as {
      outputs: { path: string; sha256: string }[];
    };
    expect(text).toContain(bundle.outputs.find(({ path }) => path === 'bundle/bundle.json')?.sha256);
    const check = JSON.parse(await readFile(join(sample.artifacts, 'site-check/stack-lightgbm.json'), 'utf8')) as {
      clips: number;
      grouped: { accuracy: { value: number } };
    };
    expect(text).toContain(`same ${check.clips} labelled clips`);
    expect(text).toContain(`${(100 * check.grouped.accuracy.value).toFixed(1)} %`);
  });

  it('has the same bytes when it is made again, and again without its comparison of folds', async () => {
    await using folder = await temporaryFolder();
    // With what lies beside it: ingest knows clips by their size and time.
    await cp(dirname(sample.artifacts), folder.path, { recursive: true, preserveTimestamps: true });
    for (const file of [
      'stages/ensemble/report.json',
      'stages/stack-lightgbm/site-check.json',
      'report/index.html',
      'site-check/stack-lightgbm.json',
    ]) {
      await rm(folder.join('sample', file));
    }
    const again = await run(['train', '--dataset', sample.dataset, '--artifacts', folder.path, ...trainingOptions]);
    expect(again.status).toBe(1);
    const [, all, unchanged] = /trained: (\d+) stages, (\d+) of them unchanged/.exec(again.stderr) ?? [];
    expect(Number(all) - Number(unchanged)).toBe(2);
    const madeAgain = await readFile(folder.join('sample/report/index.html'), 'utf8');
    // Not toBe: the difference of two such pages would fill the log.
    expect(madeAgain === (await page())).toBe(true);
  });
});
