import { writeFile } from 'node:fs/promises';
import type { Dataset } from '@primatrix/dataset';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { openResults } from './open-results.ts';
import { trainingResults } from './training-results.ts';

const clipsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    filename: `site/c${i}.mp4`,
    path: '',
    labels: Uint8Array.of(i % 2, 1 - (i % 2)),
  }));
const datasetOf = (count: number) => ({ classes: ['fox', 'blank'], clips: clipsOf(count) }) as unknown as Dataset;

/** zamba's table of so many clips, by base name. */
async function judged(count: number, scoreOf: (i: number) => number) {
  await using folder = await temporaryFolder();
  const file = folder.join('zamba.csv');
  const lines = Array.from({ length: count }, (_, i) => `c${i}.mp4,${scoreOf(i)}`);
  await writeFile(file, `filepath,fox\n${lines.join('\n')}\nother.mp4,0.5\n`);
  const told: string[] = [];
  const families = await trainingResults([file], datasetOf(count), (sentence) => told.push(sentence));
  return { families, told: told.map((sentence) => sentence.replace(file, 'z')) };
}

it('joins by base name, counts what does not belong together, and says nothing of honest scores', async () => {
  const { families, told } = await judged(60, (i) => 0.5 + 0.1 * Math.sin(i));
  expect(families.map(({ name, ofResults }) => [name, ofResults])).toEqual([['zamba-results', true]]);
  expect(told).toEqual(['z has 1 row of no clip here: other.mp4']);
});

it('says of a column that gives a class away that it may have learnt from these clips', async () => {
  const { told } = await judged(60, (i) => (i % 2 === 1 ? 0.9 : 0.1) + 0.001 * i);
  expect(told[1]).toMatch(/^z: fox alone tells fox \(area under the ROC curve 1\.0000 over 60 clips\): if the program/);
});

it('refuses labels in the place of results', async () => {
  await expect(judged(12, (i) => i % 2)).rejects.toMatchObject({ code: 'FEATURES_LABELS' });
});

it('refuses results of other clips, and two files of one form', async () => {
  await using folder = await temporaryFolder();
  const [a, b] = [folder.join('a.csv'), folder.join('b.csv')];
  for (const file of [a, b]) await writeFile(file, 'filepath,fox\nx.mp4,0.5\n');
  const open = (files: string[], names: string[]) => openResults(files, names, () => undefined);
  await expect(open([a], ['y.mp4'])).rejects.toMatchObject({ code: 'DATASET_UNMATCHED' });
  await expect(open([a, b], ['x.mp4'])).rejects.toMatchObject({ code: 'FEATURES_TWICE' });
});

it('gives what was said of a clip, and missing values of others', async () => {
  await using folder = await temporaryFolder();
  const file = folder.join('a.csv');
  await writeFile(file, 'filepath,fox,hog\nx.mp4,0.5,0.25\n');
  const [opened] = await openResults([file], ['x.mp4', 'y.mp4'], () => undefined);
  const family = opened?.family;
  const extractor = await family?.open(family.settings.laptop, { weightsDir: '', threads: 1, device: 'cpu' });
  const rowOf = async (name: string) => (await extractor?.start({ name, frames: 0 }).finish())?.row;
  expect(await rowOf('x.mp4')).toEqual({ fox: 0.5, hog: 0.25 });
  expect(await rowOf('y.mp4')).toEqual({ fox: Number.NaN, hog: Number.NaN });
  await expect(async () => family?.open({ every: 1 }, { weightsDir: '', threads: 1, device: 'cpu' })).rejects.toThrow();
});
