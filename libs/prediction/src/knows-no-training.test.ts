import { importClosure } from '@primatrix/testkit';
import { expect, it } from 'vitest';

it('imports nothing of what trains', () => {
  const files = importClosure('libs/prediction/src/index.ts');
  expect(files).toContain('libs/families/src/index.ts');
  expect(files.filter((file) => file.startsWith('libs/training/'))).toEqual([]);
});
