import { treeStackConformance } from '@primatrix/boosting/stack/conformance';
import { expect, it } from 'vitest';
import { family } from './family.ts';

it.each(treeStackConformance)('$name', ({ run }) =>
  run({ family, params: { num_leaves: 7, min_data_in_leaf: 5, bagging_fraction: 0.9, bagging_freq: 1 } }),
);

it('has the original’s figures', () => {
  expect(Object.keys(family.variants.competition)).toEqual(['a', 'b']);
  expect(family.variants.competition['a']).toMatchObject({
    target: 'last-positive',
    rounds: 10_000,
    patience: 50,
    params: { learning_rate: 0.01, num_leaves: 63, min_data_in_leaf: 1000 },
  });
  expect(family.variants.competition['b']).toMatchObject({ target: 'last-positive', params: { learning_rate: 0.011 } });
});
