import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { benchmarksPage } from './benchmarks-page.ts';

const read = (...path: string[]) => readFile(join(workspaceRoot(), ...path), 'utf8');

it('docs/benchmarks.md is what benchmarks.json says', async () => {
  const json: unknown = JSON.parse(await read('tools/evaluations/benchmarks.json'));
  expect(await read('docs/benchmarks.md')).toBe(benchmarksPage(json));
});

it('every score of the page stands where it is told how it was measured', async () => {
  const readme = await read('tools/evaluations/README.md');
  for (const score of ['87.5 %', '88.4 %', '96.9 %', '98.75 %', '88.72 %', '88.79 %', '72.5 %', '66.2 %']) {
    expect(readme).toContain(score);
    expect(await read('docs/benchmarks.md')).toContain(score);
  }
});

it('a score without a standard error is refused', () => {
  const row = { what: 'a', split: 'b', seeds: '1', score: '1', published: 'c', differs: '', command: 'd' };
  expect(() => benchmarksPage({ groups: [{ title: 't', data: 'd', rows: [row] }] })).toThrow(/standardError/);
});
