import { importClosure } from '@primatrix/testkit';
import { expect, it } from 'vitest';

const ofTraining = (entry: string) =>
  importClosure(`apps/gateway/src/${entry}`).filter((file) => file.startsWith('libs/training/'));

it.each(['index.ts', 'prediction/worker-process.ts'])('%s loads nothing of what trains', (entry) => {
  expect(importClosure(`apps/gateway/src/${entry}`)).toContain('libs/prediction/src/bundle/bundle-manifest.ts');
  expect(ofTraining(entry)).toEqual([]);
});

it('the process that fits the second level again does', () => {
  expect(ofTraining('refit/refit-process.ts')).toContain('libs/training/src/train-plan.ts');
});
