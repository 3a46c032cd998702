import { mkdirSync, symlinkSync } from 'node:fs';
import { workspaceRoot } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { fixtureCheckout } from './checkout.fixture.ts';
import { consumerTypeFaults } from './consumer-types.mjs';

const packageJson = (name: string, more: object = {}) =>
  JSON.stringify({
    name,
    type: 'module',
    exports: { '.': { '@primatrix/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' } },
    ...more,
  });

/** A checkout with these packages built and linked. */
async function built(files: Readonly<Record<string, string>>) {
  const checkout = await fixtureCheckout({ '.gitignore': 'node_modules\n', ...files });
  mkdirSync(checkout.join('node_modules/@types'), { recursive: true });
  for (const name of ['one', 'two']) symlinkSync(checkout.join('libs', name), checkout.join('node_modules', name));
  symlinkSync(`${workspaceRoot()}/node_modules/@types/node`, checkout.join('node_modules/@types/node'));
  symlinkSync(`${workspaceRoot()}/node_modules/undici-types`, checkout.join('node_modules/undici-types'));
  return checkout;
}

it('finds declarations that only the sources hold up, and a package that is not there as built', async () => {
  await using checkout = await built({
    'libs/one/package.json': packageJson('one'),
    'libs/one/dist/index.d.ts': "export type { Two } from 'two';\nexport declare const a: Missing;\n",
    'libs/two/package.json': packageJson('two'),
    'libs/two/src/index.ts': 'export type Two = 2;\n',
  });
  const faults = consumerTypeFaults(checkout.path).map(({ file, line, message }) => `${file}:${line} ${message}`);
  expect(faults).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^libs\/one\/dist\/index\.d\.ts:1 .*'two'/),
      expect.stringMatching(/^libs\/one\/dist\/index\.d\.ts:2 Cannot find name 'Missing'/),
      expect.stringMatching(/^consumer\.mts:2 .*'two'/),
    ]),
  );
}, 120_000);

it('is content with what is built, and does not look at what is never published', async () => {
  await using checkout = await built({
    'libs/one/package.json': packageJson('one'),
    'libs/one/dist/index.d.ts': "export type { One } from './deep.ts';\n",
    'libs/one/dist/deep.d.ts': 'export type One = 1;\n',
    'libs/two/package.json': packageJson('two', { private: true }),
  });
  expect(consumerTypeFaults(checkout.path)).toEqual([]);
}, 120_000);

it(
  'finds no fault in the packages of this workspace (needs the build)',
  () => expect(consumerTypeFaults(workspaceRoot())).toEqual([]),
  300_000,
);
