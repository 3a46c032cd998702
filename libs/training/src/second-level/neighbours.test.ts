import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '@primatrix/dataset';
import type { Family, NeighbourSettings } from '@primatrix/families';
import { isNumberColumn, readTable, writeNeighbourTable, writeNetPredictions } from '@primatrix/feature-table';
import { firstLevelRecord, neighbourColumns } from '@primatrix/prediction';
import { smallClip, temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { writeIngested } from '../ingest/ingested-clips.ts';
import type { Training } from '../plan/training.ts';
import { doubtfulOrder, neighboursStage } from './neighbours.ts';

const classes = ['bird', 'hog'];
const day = (of: number) => new Date(Date.UTC(2014, 0, of));
// One site in the order of days: train clips of two folds between test and other clips; another site; no site; no time.
const clips = (
  [
    ['a', 'test', 's', 1],
    ['b', 'train', 's', 2],
    ['c', 'other', 's', 3],
    ['d', 'train', 's', 4],
    ['e', 'test', 's', 5],
    ['f', 'test', 't', 1],
    ['g', 'other', 't', 2],
    ['h', 'test', undefined, 3],
    ['i', 'test', 's', undefined],
  ] as const
).map(([filename, split, site, on]) => ({
  filename,
  path: filename,
  bytes: 1,
  split,
  ...(split === 'train' ? { labels: Uint8Array.of(1, 0) } : {}),
  ...(site === undefined ? {} : { site }),
  ...(on === undefined ? {} : { capturedAt: day(on) }),
})) as Dataset['clips'];
const unlabelled = clips.filter(({ split }) => split !== 'train');
const metadata = smallClip('');
/** What the model of a fold says of a clip; fold 0 is the mean. */
const says = (filename: string, fold: number): number =>
  fold === 0 ? (says(filename, 1) + says(filename, 2)) / 2 : (filename.charCodeAt(0) - 96) / 16 + (fold - 1) / 4;

async function trained(artifacts: string, settings: Partial<NeighbourSettings> = {}): Promise<Training> {
  const rows = (names: readonly string[], fold: number) => ({
    filenames: names,
    classes,
    probabilities: Float64Array.from(names.flatMap((name) => [says(name, fold), 1 - says(name, fold)])),
  });
  const named = (split: string) => clips.filter((clip) => clip.split === split).map(({ filename }) => filename);
  await mkdir(join(artifacts, 'ingest'), { recursive: true });
  await writeIngested(
    artifacts,
    clips.map(({ filename, split }) => ({ filename, split, metadata, fault: null, reason: '' })),
  );
  await writeFile(join(artifacts, 'ingest/folds.json'), JSON.stringify([['b'], ['d']]));
  for (const split of ['test', 'other']) {
    await writeNetPredictions(join(artifacts, `nets/net/${split}.parquet`), rows(named(split), 0));
  }
  for (const fold of [1, 2]) {
    await writeNetPredictions(
      join(artifacts, `nets/net/fold-${fold}.parquet`),
      rows(
        unlabelled.map(({ filename }) => filename),
        fold,
      ),
    );
  }
  await writeNetPredictions(join(artifacts, 'nets/net/train.parquet'), {
    ...rows(['b', 'd'], 1),
    folds: Int32Array.of(1, 2),
  });
  await writeFile(join(artifacts, 'nets/net/card.json'), '{}');
  const laptop = { nets: ['net'], ks: [1, 3], order: 'site', labelled: false, ...settings };
  const families = [
    { kind: 'ingest', name: 'ingest' },
    { kind: 'nets', name: 'net', settings: { laptop: { feature: 'hash' } } },
    // Never validated: nobody asks for its card.
    { kind: 'nets', name: 'slow', settings: { laptop: { feature: 'hash' } } },
    { kind: 'features', name: 'hash' },
    { kind: 'neighbours', name: 'around', settings: { laptop }, write: writeNeighbourTable },
    { kind: 'ensemble', name: 'ensemble' },
  ] as unknown as Family[];
  return {
    dataset: {
      name: 'd',
      digest: 'd',
      classes,
      clips,
      submission: { classes, filenames: [] },
      missing: [],
      unreadable: [],
      unknown: [],
      unmatched: [],
    },
    artifacts,
    profile: 'laptop',
    families,
    folds: 2,
    seed: 1,
    context: { weightsDir: '', threads: 1, device: 'cpu' },
  };
}

const run = { signal: new AbortController().signal, threads: 1, report: () => undefined, key: 'k' };

async function birds(artifacts: string, split: string, k: number): Promise<Record<string, number>> {
  const { keys, columns } = await readTable(join(artifacts, `neighbours/${split}.parquet`), [`net/k${k}/bird`]);
  const [column] = columns.filter(isNumberColumn);
  return Object.fromEntries(keys.map((key, row) => [key, column?.values[row] ?? 9]));
}

it("gives labelled clips what the model of their own fold says, others the mean, and comes to prediction's numbers", async () => {
  await using folder = await temporaryFolder();
  const training = await trained(folder.path);
  expect((await neighboursStage(training).run(run)).summary).toEqual({ nets: ['net'] });
  const mean = (fold: number, ...names: string[]) =>
    names.reduce((sum, name) => sum + says(name, fold), 0) / names.length;
  expect(await birds(folder.path, 'train', 1)).toEqual({ b: mean(1, 'a', 'c'), d: mean(2, 'c', 'e') });
  expect(await birds(folder.path, 'test', 3)).toEqual({
    a: mean(0, 'c', 'e'),
    e: mean(0, 'a', 'c'),
    f: mean(0, 'g'),
    h: Number.NaN,
    i: Number.NaN,
  });

  const records = unlabelled.map(({ filename, path, site, capturedAt }) =>
    firstLevelRecord(
      { filename, path, ...(site === undefined ? {} : { site }), ...(capturedAt === undefined ? {} : { capturedAt }) },
      {
        outcome: { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 },
        metadata,
        modifiedAt: null,
        nets: new Map([['net', Float64Array.of(says(filename, 0), 1 - says(filename, 0))]]),
      },
    ),
  );
  const [, , , , family] = training.families as [
    Family,
    Family,
    Family,
    Family,
    Extract<Family, { kind: 'neighbours' }>,
  ];
  const predicted = await neighbourColumns(records, {
    family,
    part: { family: 'around', version: '1.0.0', nets: ['net'], ks: [1, 3], order: 'site' },
    classes,
  });
  for (const split of ['test', 'other']) {
    for (const [name, bird] of Object.entries(await birds(folder.path, split, 3))) {
      expect([name, predicted(name).get('around/net/k3/bird')]).toEqual([name, bird]);
    }
  }
});

it('may take labelled clips too, but none of another fold for a labelled clip', async () => {
  await using folder = await temporaryFolder();
  await neighboursStage(await trained(folder.path, { labelled: true })).run(run);
  // b and d are of two folds: neither sees the other. a sees both.
  expect((await birds(folder.path, 'train', 3))['b']).toBeCloseTo((says('a', 1) + says('c', 1) + says('e', 1)) / 3, 6);
  expect((await birds(folder.path, 'test', 1))['a']).toBe(says('b', 1));
});

it('goes by a table or by modification times where that is asked, within the sites of the profile', async () => {
  await using folder = await temporaryFolder();
  const training = await trained(folder.path);
  const asked = {
    ...training,
    timeOrder: { by: 'table', times: new Map([...'aceb'].map((name, i) => [name, day(9 - i)] as const)) } as const,
  };
  const [plain, table] = [neighboursStage(training), neighboursStage(asked)];
  expect(await table.inputs()).not.toEqual(await plain.inputs());
  await table.run(run);
  // The last first: e, c, a; d, which the table lacks, has none, and b stands before all.
  expect(await birds(folder.path, 'train', 1)).toEqual({ b: says('e', 1), d: Number.NaN });
  expect((await birds(folder.path, 'test', 1))['a']).toBe(says('c', 0));

  // There are no files: nobody has a time.
  const modified = neighboursStage({ ...training, timeOrder: { by: 'modified' } });
  expect(await modified.inputs()).toMatchObject({ modified: [] });
  await modified.run(run);
  expect(Object.values(await birds(folder.path, 'test', 1)).every(Number.isNaN)).toBe(true);
});

it('doubts modification times only where a training goes by them', async () => {
  await using folder = await temporaryFolder();
  const training = await trained(folder.join('artifacts'));
  const copied = Array.from({ length: 120 }, (_, i) => ({ ...clips[0], filename: `${i}`, path: folder.join(`${i}`) }));
  for (const { path } of copied) await writeFile(path, '');
  const many = { ...training, dataset: { ...training.dataset, clips: copied as Dataset['clips'] } };
  expect(await doubtfulOrder(many)).toBeUndefined();
  expect(await doubtfulOrder({ ...many, timeOrder: { by: 'modified' } })).toMatch(/all 120 files were modified within/);
  expect(await doubtfulOrder({ ...many, timeOrder: { by: 'table', times: new Map() } })).toBeUndefined();
});
