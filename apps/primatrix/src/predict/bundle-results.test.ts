import { writeFile } from 'node:fs/promises';
import { bundledFeatures, type BundleManifest } from '@primatrix/prediction';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { openResults } from '../results/open-results.ts';
import { checkResults, withResults } from './bundle-results.ts';

const part: BundleManifest['features'][number] = {
  ...{ family: 'zamba-results', version: '1.0.0', settings: { madeBy: 'v2', rows: '' } },
  ...{ weightsDigest: null, weights: 'results of zamba', weightsFiles: [], ofResults: true },
};
const columns = ['zamba-results/fox', 'zamba-results/hog', 'image-hash/mean'];
const bundle = (features: readonly (typeof part)[]) =>
  ({ manifest: { features, stacks: [{ columns }] } }) as unknown as Parameters<typeof checkResults>[0];

it('wants the results that a bundle learnt from, and says in what those given differ', async () => {
  await using folder = await temporaryFolder();
  const file = folder.join('z.csv');
  await writeFile(file, 'filepath,fox\nx.mp4,0.5\n');
  const opened = await openResults([file], ['x.mp4'], () => undefined);
  const families = opened.map(({ family }) => family);
  await expect(bundledFeatures('', part, [])).rejects.toMatchObject({ code: 'BUNDLE_RESULTS' });
  expect(await bundledFeatures('', part, families)).toBe(families[0]);
  const told: string[] = [];
  checkResults(bundle([part]), opened, (sentence) => told.push(sentence.replace(file, 'z')));
  expect(told).toEqual([
    'z was made by ?, and the bundle learnt from v2: scores may differ',
    'z lacks 1 of the columns that the bundle reads, for example zamba-results/hog: they are missing in all clips',
  ]);
  expect(() => checkResults(bundle([]), opened, () => undefined)).toThrow(
    expect.objectContaining({ code: 'FEATURES_BUNDLE' }) as Error,
  );
});

it('looks again at a clip of which the results now say something else', async () => {
  await using folder = await temporaryFolder();
  const file = folder.join('z.csv');
  const stampsOf = async (rows: string) => {
    await writeFile(file, `filepath,fox\n${rows}`);
    const opened = await openResults([file], ['x.mp4', 'y.mp4'], () => undefined);
    const files = ['x.mp4', 'y.mp4'].map((filename) => ({ filename, path: file, stamp: 's' }));
    return (await withResults(files, opened)).map(({ stamp }) => stamp);
  };
  const [before, after] = [await stampsOf('x.mp4,0.5\ny.mp4,0.5\n'), await stampsOf('x.mp4,0.5\ny.mp4,0.6\n')];
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
});
