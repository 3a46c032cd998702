import { writeFile } from 'node:fs/promises';
import { writeTensorFile } from '@primatrix/tensor-store';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { evaluateFish } from './evaluate-fish.ts';

it('scores pictures by fish that were left out, and refuses vectors of others', async () => {
  await using folder = await temporaryFolder();
  // Two species along two columns; a third that looks as the first does.
  const pictures = Array.from({ length: 60 }, (_, i) => ({ species: (i % 3) + 1, fold: Math.floor(i / 3) % 5 }));
  const table = (head: string, row: (picture: (typeof pictures)[number], i: number) => string) =>
    [head, ...pictures.map(row), ''].join('\n');
  await writeFile(
    folder.join('labels.csv'),
    table('file,species', ({ species }, i) => `${i},${species}`),
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
  const { scores, species } = await evaluateFish({ data: folder.path, features });
  expect(species).toBe(3);
  for (const { accuracy, macroF1 } of Object.values(scores)) {
    expect(accuracy).toBeGreaterThanOrEqual(0.5);
    expect(accuracy).toBeLessThan(0.9);
    expect(macroF1).toBeGreaterThan(0.5);
  }
  await writeTensorFile(features, { features: { dtype: 'float32', shape: [30, 4], data } });
  await expect(evaluateFish({ data: folder.path, features })).rejects.toMatchObject({ code: 'FISH_FEATURES' });
});
