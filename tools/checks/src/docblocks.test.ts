import { expect, it } from 'vitest';
import { missingDocblocks } from './docblocks.mjs';
import { fixtureCheckout } from './checkout.fixture.ts';

const manifest = JSON.stringify({
  name: 'a',
  exports: {
    './package.json': './package.json',
    '.': { '@primatrix/source': './src/index.ts', default: './dist/index.js' },
  },
});

it('asks every kind of export for a sentence, wherever it is declared', async () => {
  await using checkout = await fixtureCheckout({
    'libs/a/package.json': manifest,
    'libs/a/src/index.ts': "export { one, Two, three } from './one.ts';\nexport type { Four, Five } from './one.ts';\n",
    'libs/a/src/one.ts': [
      'export const one = 1;',
      'export class Two {}',
      '/** @throws RangeError always */',
      'export function three(): void {}',
      'export interface Four {}',
      'export type Five = string;',
      'export const hidden = 6;',
    ].join('\n'),
  });
  const faults = missingDocblocks(checkout.path);
  expect(faults.map(({ file, line, message }) => [file, line, message.slice(0, 8)])).toEqual([
    ['libs/a/src/one.ts', 1, "'one' ca"],
    ['libs/a/src/one.ts', 2, "'Two' ca"],
    ['libs/a/src/one.ts', 4, "'three' "],
    ['libs/a/src/one.ts', 5, "'Four' c"],
    ['libs/a/src/one.ts', 6, "'Five' c"],
  ]);
});

it('is content with a sentence, and leaves to another package what is passed on', async () => {
  await using checkout = await fixtureCheckout({
    'libs/a/package.json': manifest,
    'libs/a/src/index.ts':
      "export * from './one.ts';\n" +
      "export type { Elsewhere } from 'b';\n" +
      '/** All of them, [n]. */\n' +
      'export const all = [1];\n',
    'libs/a/src/one.ts':
      '/**\n' +
      ' * One thing, in metres.\n' +
      ' * @throws RangeError never\n' +
      ' */\n' +
      'export async function one(): Promise<void> {}\n',
  });
  expect(missingDocblocks(checkout.path)).toEqual([]);
});
