import { writeFile, mkdir } from 'node:fs/promises';
import { writeNetPredictions, type NetPredictions } from '@primatrix/feature-table';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { labelsOfClips, readMemberTables, readOutOfFold } from './member-tables.ts';

const classes = ['bird', 'hog'];
const good: NetPredictions = {
  filenames: ['a', 'b', 'c'],
  classes,
  probabilities: Float64Array.of(0.1, 0.9, 0.2, 0.8, 0.3, 0.7),
  folds: Int32Array.of(1, 2, 1),
};

async function withTables(second: Partial<NetPredictions> | undefined) {
  const folder = await temporaryFolder();
  await writeNetPredictions(folder.join('stack/x-a/train.parquet'), good);
  if (second !== undefined) await writeNetPredictions(folder.join('stack/x-b/train.parquet'), { ...good, ...second });
  return folder;
}

describe('readMemberTables', () => {
  it('puts members beside each other, row by row', async () => {
    await using folder = await withTables({ classes: ['hog', 'bird'] });
    const { filenames, members, folds } = await readMemberTables(folder.path, ['x-a', 'x-b'], 'train', classes);
    expect(filenames).toEqual(['a', 'b', 'c']);
    expect([...(folds ?? [])]).toEqual([1, 2, 1]);
    expect(members.map(({ name, probabilities }) => [name, ...probabilities.subarray(0, 2)])).toEqual([
      ['x-a', 0.1, 0.9],
      ['x-b', 0.9, 0.1],
    ]);
  });

  it.each<[string, Partial<NetPredictions> | undefined, RegExp]>([
    ['a table that is not there', undefined, /stack\/x-b\/train\.parquet: the table is not there/],
    ['other classes', { classes: ['bird', 'pig'] }, /x-b.*missing hog; unknown pig/],
    [
      'a clip less',
      { filenames: ['a', 'c'], probabilities: Float64Array.of(0.1, 0.9, 0.3, 0.7), folds: Int32Array.of(1, 1) },
      /the clip b is in this table or in stack\/x-a/,
    ],
    [
      'a clip more',
      { filenames: ['a', 'b', 'bb', 'c'], probabilities: new Float64Array(8), folds: Int32Array.of(1, 2, 1, 1) },
      /the clip bb is/,
    ],
    ['another clip', { filenames: ['a', 'b', 'd'] }, /the clip c is/],
    [
      'a missing prediction',
      { probabilities: Float64Array.of(0.1, 0.9, 0.2, Number.NaN, 0.3, 0.7) },
      /no prediction of the clip b, column "hog"/,
    ],
    ['another fold', { folds: Int32Array.of(1, 2, 2) }, /the clip c is in another fold/],
  ])('refuses %s by name', async (_, second, says) => {
    await using folder = await withTables(second);
    const failure = await readMemberTables(folder.path, ['x-a', 'x-b'], 'train', classes).catch(
      (error: unknown) => error as Error,
    );
    expect(failure).toBeInstanceOf(Error);
    expect((failure as Error).message).toMatch(says);
  });

  it('refuses what is no table', async () => {
    await using folder = await withTables(undefined);
    await mkdir(folder.join('stack/x-b'), { recursive: true });
    await writeFile(folder.join('stack/x-b/train.parquet'), 'PAR1 no more');
    await expect(readMemberTables(folder.path, ['x-a', 'x-b'], 'train', classes)).rejects.toThrow('x-b/train.parquet');
  });
});

describe('readOutOfFold', () => {
  it('says what to do where there is nothing yet', async () => {
    await using folder = await temporaryFolder();
    await expect(readOutOfFold(folder.path, classes)).rejects.toMatchObject({
      code: 'ENSEMBLE_NOT_FOUND',
      hint: expect.stringContaining('primatrix train'),
    });
  });
});

describe('labelsOfClips', () => {
  it('has them in the order of the table, and names a clip without', () => {
    const clip = (filename: string, labels?: Uint8Array) => ({
      filename,
      path: filename,
      bytes: 1,
      split: 'train' as const,
      ...(labels === undefined ? {} : { labels }),
    });
    const dataset = {
      name: 'd',
      digest: '',
      classes,
      clips: [clip('a', Uint8Array.of(1, 0)), clip('b', Uint8Array.of(0, 1)), clip('c')],
      submission: { filenames: [], classes },
      missing: [],
      unreadable: [],
      unknown: [],
      unmatched: [],
    };
    expect([...labelsOfClips(dataset, ['b', 'a'])]).toEqual([0, 1, 1, 0]);
    for (const name of ['c', 'd']) {
      expect(() => labelsOfClips(dataset, ['a', name])).toThrow(`the clip ${name} has out-of-fold predictions`);
    }
  });
});
