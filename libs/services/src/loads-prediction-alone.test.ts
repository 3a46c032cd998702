import { importClosure } from '@primatrix/testkit';
import { expect, it } from 'vitest';

it('loads nothing of what trains', () => {
  const files = importClosure('libs/services/src/index.ts');
  expect(files).toContain('libs/prediction/src/bundle/bundle-manifest.ts');
  expect(files.filter((file) => file.startsWith('libs/training/'))).toEqual([]);
});
