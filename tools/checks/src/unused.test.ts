import { expect, it } from 'vitest';
import { fixtureCheckout } from './checkout.fixture.ts';
import { unusedCode } from './unused.mjs';

const files = {
  'package.json': JSON.stringify({
    name: 'a',
    type: 'module',
    exports: './src/index.ts',
    dependencies: { gone: '1.0.0' },
  }),
  'knip.json': '{}',
  'src/index.ts': "export { one } from './one.ts';\n",
  'src/one.ts': 'export const one = 1;\n\nexport const two = 2;\nexport type Three = typeof two;\n',
  'src/left.ts': 'export {};\n',
};

it('says where unused files, exports, types and dependencies are, and what to do', async () => {
  await using checkout = await fixtureCheckout(files);
  const faults = unusedCode(checkout.path).map(({ file, line, message }) => `${file}:${line} ${message}`);
  expect(faults.sort()).toEqual([
    expect.stringMatching(/^package\.json:1 'gone' is never imported/),
    expect.stringMatching(/^src\/left\.ts:1 nothing imports or starts this file/),
    expect.stringMatching(/^src\/one\.ts:3 'two' is exported and nobody imports it/),
    expect.stringMatching(/^src\/one\.ts:4 'Three' is exported and nobody imports it/),
  ]);
});

it('finds nothing where all is used, and passes on what knip cannot do', async () => {
  await using checkout = await fixtureCheckout({
    'package.json': JSON.stringify({ name: 'a', type: 'module', exports: './src/index.ts' }),
    'knip.json': '{}',
    'src/index.ts': 'export const one = 1;\n',
  });
  expect(unusedCode(checkout.path)).toEqual([]);
  await using broken = await fixtureCheckout({ 'package.json': '{}', 'knip.json': '{"entry": 5}' });
  expect(() => unusedCode(broken.path)).toThrow(/knip ended with status 2/);
});
