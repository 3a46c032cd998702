import type { NetPredictions } from '@primatrix/feature-table';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { keptTraining } from './kept-training.ts';

it('trains once, and has the same again', async () => {
  await using folder = await temporaryFolder();
  const predictions = (value: number): ReadonlyMap<string, NetPredictions> =>
    new Map([
      [
        'ensemble',
        {
          filenames: ['a.mp4'],
          classes: ['fight', 'noFight'],
          folds: Int32Array.of(2),
          probabilities: Float64Array.of(value, 1 - value),
        },
      ],
    ]);
  let trained = 0;
  const run = (seed: number) =>
    keptTraining(folder.join('kept'), { seed }, async () => (trained++, predictions(seed / 3)));
  const first = await run(1);
  expect(await run(1)).toEqual(first);
  expect(trained).toBe(1);
  expect(await run(2)).toEqual(predictions(2 / 3));
  await expect(keptTraining(folder.join('kept'), {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(keptTraining(folder.join('kept'), {}, async () => predictions(0.5))).resolves.toEqual(predictions(0.5));
});
