import { expect, it } from 'vitest';
import { fixtureCheckout } from './checkout.fixture.ts';
import { packageTableFaults } from './package-table.mjs';

const packages = Object.fromEntries(
  ['apps/one', 'apps/shelf/two', 'apps/shelf/three', 'libs/four'].map((folder) => [
    `${folder}/package.json`,
    JSON.stringify({ name: folder }),
  ]),
);
const table = (...rows: string[]) => ['# It', '', '| folder | holds |', '|---|---|', ...rows, '', 'End.'].join('\n');

it('is content with each package by its name or its shelf', async () => {
  await using checkout = await fixtureCheckout({
    ...packages,
    'README.md': table('| `apps/one`, `libs/four/` | `nothing` |', '| `apps/shelf` | two |'),
  });
  expect(packageTableFaults(checkout.path)).toEqual([]);
});

it('finds what is missing, what is not there and what is there twice', async () => {
  await using checkout = await fixtureCheckout({
    ...packages,
    'README.md': table('| `apps/one`, `libs/` | all |', '| `apps/shelf/two` | |', '| `apps/one`, `apps/gone` | |'),
  });
  expect(packageTableFaults(checkout.path)).toEqual([
    {
      file: 'README.md',
      line: 3,
      message: 'the table of folders lacks apps/shelf/three: name it, or the shelf that it stands on',
    },
    {
      file: 'README.md',
      line: 3,
      message: 'the table of folders lacks libs/four: name it, or the shelf that it stands on',
    },
    { file: 'README.md', line: 7, message: 'there is no apps/gone: correct the row' },
    { file: 'README.md', line: 7, message: 'apps/one stands in the table twice' },
  ]);
});

it('refuses a table longer than a page, and a page without one', async () => {
  const rows = Array.from({ length: 31 }, () => '| a | b |');
  await using long = await fixtureCheckout({ 'README.md': table(...rows) });
  expect(packageTableFaults(long.path)[0]?.message).toBe('the table has 31 rows, more than a page (30)');
  await using none = await fixtureCheckout({ 'README.md': '# It\n' });
  expect(packageTableFaults(none.path)[0]?.message).toMatch(/no table/);
});
