import { expect, it } from 'vitest';
import { importClosure } from './import-closure.ts';

it('follows imports, types and re-exports, through packages of the workspace and no others', () => {
  const files = importClosure('libs/testkit/src/import-closure.test.ts');
  expect(files).toEqual([
    'libs/testkit/src/import-closure.test.ts',
    'libs/testkit/src/import-closure.ts',
    'libs/testkit/src/shared-data.ts',
  ]);
  const families = importClosure('libs/families/src/index.ts');
  expect(families).toContain('libs/families/src/discover.ts');
  expect(families).toContain('libs/contracts/src/index.ts');
  expect(families.filter((file) => !/^(apps|libs)\/[\w./-]+\/src\//.test(file))).toEqual([]);
});

it('names what cannot be found', () => {
  expect(() => importClosure('libs/testkit/src/nothing.ts')).toThrow(/nothing\.ts/);
});
