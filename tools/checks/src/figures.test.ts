import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { figuresOf } from './figures.mjs';
import { fixtureCheckout } from './checkout.fixture.ts';

const files = {
  'package.json': '{}\n',
  '.gitignore': 'dist\n',
  'package-lock.json': '{}\n{}\n',
  'README.md': '# One\n\nTwo\n',
  'libs/a/package.json': '{\n  "name": "a"\n}\n',
  'libs/a/tsconfig.json': '{}\n',
  'libs/a/vitest.config.mts': 'export default {};\n',
  'libs/a/dist/index.js': 'export {};\n',
  'libs/a/src/index.ts': `export { b } from './b.ts';\nexport type { C } from './deep/c.ts';\n// ${'x'.repeat(137)}\n`,
  'libs/a/src/b.ts': "import type { C } from './deep/c.ts';\nexport const b: C = 1;\n",
  'libs/a/src/deep/c.ts': 'export type C = number;',
  'libs/a/src/b.test.ts': "import { b } from './b.ts';\n",
  'test/e2e/all.ts': 'export {};\n',
  'infra/values.yaml': 'a: 1\n',
};

it('counts files and lines by what they are for, lock files and builds left out', async () => {
  await using checkout = await fixtureCheckout(files);
  const { kinds } = figuresOf(checkout.path);
  expect(kinds).toMatchObject({
    source: { files: 3, lines: 6, median: 2, p90: 3, max: 3 },
    tests: { files: 2, lines: 2 },
    configuration: { files: 5, lines: 7 },
    docs: { files: 1, lines: 3 },
    other: { files: 1, lines: 1 },
  });
});

it('measures width, packages and folders', async () => {
  await using checkout = await fixtureCheckout(files);
  const { columns, packages, folders, widest } = figuresOf(checkout.path);
  expect(columns).toEqual({ p95: 140, p99: 140, max: 140, linesOver120: 1 });
  expect(widest[0]).toEqual({ file: 'libs/a/src/index.ts', columns: 140 });
  expect(packages).toEqual({
    packages: 1,
    configurationFiles: { mean: 3, max: 3 },
    configurationLines: { mean: 5, max: 5 },
  });
  // index, b and deep; index to b, index to deep, b to deep.
  expect(folders.entries[0]).toEqual({ folder: 'libs/a/src', count: 3 });
  expect(folders.arrows).toEqual([{ folder: 'libs/a/src', count: 3 }]);
});

it('prints tables, or JSON', async () => {
  await using checkout = await fixtureCheckout(files);
  const script = join(import.meta.dirname, 'figures.mjs');
  const print = (...options: string[]) =>
    execFileSync(process.execPath, [script, checkout.path, ...options], { encoding: 'utf8' });
  expect(print()).toContain('| source | 3 | 6 | 2 | 3 | 3 |\n');
  expect(JSON.parse(print('--json'))).toEqual(JSON.parse(JSON.stringify(figuresOf(checkout.path))));
});
