import { treeStackConformance } from '@primatrix/boosting/stack/conformance';
import { expect, it } from 'vitest';
import { family } from './family.ts';

it.each(treeStackConformance)('$name', ({ run }) =>
  run({ family, params: { tree_method: 'exact', max_depth: 3, eta: 0.3, subsample: 0.9 } }),
);

it('has the original’s figures', () => {
  expect(Object.keys(family.variants.competition)).toEqual(['a', 'b']);
  expect(family.variants.competition['a']).toMatchObject({
    target: 'last-positive',
    rounds: 1500,
    patience: 50,
    params: { tree_method: 'exact', eta: 0.05, max_depth: 5, subsample: 0.95, colsample_bytree: 0.95 },
  });
  expect(family.variants.competition['b']).toMatchObject({
    target: 'last-positive',
    params: { eta: 0.09, max_depth: 4 },
  });
});
