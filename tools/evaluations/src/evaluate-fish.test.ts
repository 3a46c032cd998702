import { writeFile } from 'node:fs/promises';
import { writeTensorFile } from '@primatrix/tensor-store';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { evaluateFish } from './evaluate-fish.ts';
import { evaluateFishFewLabels } from './fish-few-labels.ts';
import { readFish } from './read-fish.ts';

it('scores pictures by fish that were left out, and refuses vectors of others', async () => {
  await using folder = await temporaryFolder();
  // Two species along two columns; a third that looks as the first does.
  const pictures = Array.from({ length: 60 }, (_, i) => ({ species: (i % 3) + 1, fold: Math.floor(i / 3) % 5 }));
  const table = (head: string, row: (picture: (typeof pictures)[number], i: number) => string) =>
    [head, ...pictures.map(row), ''].join('\n');
  await writeFile(
    folder.join('labels.csv'),
    table('file,species,track', ({ species }, i) => `${i},${species},${Math.floor(i / 6)}-${species}`),
  );
  await writeFile(
    folder.join('folds.csv'),
    table('file,fold_track', ({ fold }, i) => `${i},${fold}`),
  );
  const data = Float32Array.from(
    pictures.flatMap(({ species }, i) => (species === 2 ? [0, 1 + 0.01 * i] : [1 + 0.01 * i, 0])),
  );
  const features = folder.join('features.safetensors');
  await writeTensorFile(features, { features: { dtype: 'float32', shape: [60, 2], data } });
  const fish = await readFish(folder.path, features);
  const { scores, species } = await evaluateFish(fish);
  expect(species).toBe(3);
  for (const { accuracy, macroF1, standardError } of Object.values(scores)) {
    expect(standardError).toBeGreaterThan(0);
    expect(accuracy).toBeGreaterThanOrEqual(0.5);
    expect(accuracy).toBeLessThan(0.9);
    expect(macroF1).toBeGreaterThan(0.5);
  }
  // 30 tracks of two pictures: of the second species every one is told from the others, of the rest half.
  const few = await evaluateFishFewLabels(fish, { draws: 1 });
  expect(few.map(({ labelled, tested }) => [labelled, tested])).toEqual([
    [3, 27],
    [6, 24],
    [12, 18],
    [24, 6],
  ]);
  for (const { accuracy } of few) {
    expect(accuracy).toBeGreaterThanOrEqual(1 / 3);
    expect(accuracy).toBeLessThan(1);
  }
  await writeTensorFile(features, { features: { dtype: 'float32', shape: [30, 4], data } });
  await expect(readFish(folder.path, features)).rejects.toMatchObject({ code: 'FISH_FEATURES' });
});
