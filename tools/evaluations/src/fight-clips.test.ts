import { readFile, writeFile } from 'node:fs/promises';
import type { NetPredictions } from '@primatrix/feature-table';
import { makeFolds, openDataset } from '@primatrix/dataset';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { fightClasses, readFightClips, tellSites, writeFightDataset, type FightClip } from './fight-clips-dataset.ts';
import { writeEncoder } from './fight-clips-encoder.ts';
import { gainOf } from './fight-clips-gain.ts';
import { checkOutOfFold, rightlyTold, scorePredictions, summariseScores } from './fight-clips-scores.ts';

const clip = (filename: string, label: FightClip['label'], site: string): FightClip => ({
  filename,
  path: `/clips/${filename}`,
  label,
  site,
});
const clips = [clip('a', 'fight', 'x'), clip('b', 'noFight', 'x'), clip('c', 'fight', 'y'), clip('d', 'noFight', 'y')];
const predictions = (filenames: string[], folds: number[]): NetPredictions => ({
  filenames,
  folds: Int32Array.from(folds),
  classes: fightClasses,
  probabilities: Float64Array.from(filenames.flatMap((name) => (name === 'b' ? [0.2, 0.8] : [0.9, 0.1]))),
});
const bySite = [
  ['a', 'b'],
  ['c', 'd'],
];

describe('checkOutOfFold', () => {
  it('lets predictions pass that are out of fold', () => {
    checkOutOfFold(clips, predictions(['d', 'a', 'b', 'c'], [2, 1, 1, 2]), bySite, true);
    // Without sites, clips of one site may be on both sides.
    checkOutOfFold(
      clips,
      predictions(['a', 'b', 'c', 'd'], [1, 2, 1, 2]),
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
      false,
    );
  });

  it.each([
    ['OUT_OF_FOLD_TWICE', predictions(['a', 'b', 'c', 'c'], [1, 1, 2, 2]), bySite],
    ['OUT_OF_FOLD_MISSING', predictions(['a', 'b', 'c'], [1, 1, 2]), bySite],
    ['OUT_OF_FOLD_SEEN', predictions(['a', 'b', 'c', 'd'], [1, 2, 2, 2]), bySite],
    [
      'OUT_OF_FOLD_SEEN',
      predictions(['a', 'b', 'c', 'd'], [1, 1, 2, 2]),
      [
        ['a', 'b'],
        ['c', 'd', 'a'],
      ],
    ],
    [
      'OUT_OF_FOLD_SITE',
      predictions(['a', 'b', 'c', 'd'], [1, 2, 1, 2]),
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
    ],
    ['OUT_OF_FOLD_UNKNOWN', predictions(['a', 'b', 'c', 'd', 'e'], [1, 1, 2, 2, 2]), bySite],
  ])('refuses with %s', (code, wrong, folds) => {
    expect(() => checkOutOfFold(clips, wrong, folds, true)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

it('scores by the likelier class, and averages seeds', () => {
  const scores = scorePredictions(clips, predictions(['a', 'b', 'c', 'd'], [1, 1, 2, 2]));
  expect(scores.accuracy).toBe(0.75);
  expect(rightlyTold(clips, predictions(['d', 'c', 'b', 'a'], [2, 2, 1, 1]))).toEqual([1, 1, 1, 0]);
  expect(scores.logLoss).toBeCloseTo(-(2 * Math.log(0.9) + Math.log(0.8) + Math.log(0.1)) / 4, 12);
  expect(summariseScores([scores, { accuracy: 0.25, logLoss: scores.logLoss }])).toEqual({
    accuracy: 0.5,
    accuracyRange: [0.25, 0.75],
    logLoss: scores.logLoss,
  });
});

it('says what is gained clip by clip, over sources', () => {
  const before = predictions(['a', 'b', 'c', 'd'], [1, 1, 2, 2]);
  // Right about d, too.
  const after = { ...before, probabilities: Float64Array.from([0.9, 0.1, 0.2, 0.8, 0.9, 0.1, 0.2, 0.8]) };
  expect(gainOf(clips, [after, before], [before, before])).toMatchObject({ accuracy: 0.875, gain: 0.125 });
  const same = gainOf(clips, [before], [before]);
  expect([same.gain, same.gainStandardError]).toEqual([0, 0]);
  expect(same.standardError).toBeGreaterThan(0);
});

it('makes a model of imported weights, and says where there are none', async () => {
  await using folder = await temporaryFolder();
  await expect(writeEncoder(folder.path)).rejects.toMatchObject({ code: 'FIGHT_CLIPS_DATA' });
});

it('refuses a table that names a clip twice', async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('labels.csv'), 'filepath,label,site\nfight/a.mp4,fight,x\nnoFight/a.mp4,noFight,x\n');
  await expect(readFightClips(folder.path)).rejects.toMatchObject({
    code: 'FIGHT_CLIPS_TABLE',
    message: expect.stringContaining('line 3') as string,
  });
});

const collection = sharedData('fight-clips');
it.skipIf(collection === undefined)(
  'makes a dataset of the collection whose folds keep sources apart (needs the shared data folder)',
  async () => {
    await using folder = await temporaryFolder();
    const all = await readFightClips(collection as string);
    await writeFightDataset(all, folder.path);
    await tellSites(all, folder.path, true);
    const { clips: found, classes, missing } = await openDataset(folder.path);
    expect([found.length, missing, classes]).toEqual([269, [], [...fightClasses]]);
    const labelled = found.flatMap(({ filename, labels, site }) =>
      labels === undefined || site === undefined ? [] : [{ filename, labels, site }],
    );
    expect(labelled).toHaveLength(269);
    const { folds } = makeFolds(labelled, { classes, folds: 5, seed: 1 });
    const rows = folds.flatMap((names, i) => names.map((name) => ({ name, fold: i + 1 })));
    checkOutOfFold(
      all,
      {
        filenames: rows.map(({ name }) => name),
        folds: Int32Array.from(rows, ({ fold }) => fold),
        classes,
        probabilities: new Float64Array(),
      },
      folds,
      true,
    );

    await tellSites(all, folder.path, false);
    expect((await openDataset(folder.path)).clips.every((without) => without.site === undefined)).toBe(true);
    expect(await readFile(folder.join('train_labels.csv'), 'utf8')).toContain('fi001.mp4,1,0');
  },
);
