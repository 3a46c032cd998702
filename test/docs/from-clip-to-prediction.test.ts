import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importClosure, workspaceRoot } from '@primatrix/testkit';
import { expect, it } from 'vitest';

const page = readFileSync(join(workspaceRoot(), 'docs/from-clip-to-prediction.md'), 'utf8');
const files = [...page.matchAll(/^\| \[[^\]]+\]\(\.\.\/([^)]+)\)/gm)].map(([, file = '']) => file);

it('a reader follows a clip by opening at most twelve files', () => {
  expect(files[0]).toBe('apps/primatrix/src/commands/predict.ts');
  expect(files.length).toBeGreaterThan(8);
  expect(files.length).toBeLessThanOrEqual(12);
});

it('predict runs the code of every file named, families apart, which are found by their package', () => {
  const run = importClosure(files[0] as string);
  expect(files.filter((file) => !run.includes(file) && !file.startsWith('apps/families/'))).toEqual([]);
});
