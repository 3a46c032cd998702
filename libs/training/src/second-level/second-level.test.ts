import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Dataset } from '@primatrix/dataset';
import type {
  EnsembleFamily,
  FeatureFamily,
  MetadataFamily,
  NeighbourFamily,
  NetFamily,
  StackFamily,
  StackFitInput,
} from '@primatrix/families';
import { readTable, writeNeighbourTable, writeNetPredictions, writeTable } from '@primatrix/feature-table';
import { smallClip, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeFeatureIndex } from '../features/feature-index.ts';
import { writeIngested } from '../ingest/ingested-clips.ts';
import type { Training } from '../plan/training.ts';
import { stackStage } from './stack.ts';
import { readLeakage, tableStage } from './table.ts';

const classes = ['bird', 'hog'];
const identity = (name: string) => ({ name, version: '1.2.3', summary: '' });
const train = Array.from({ length: 60 }, (_, i) => `clip ${String(i).padStart(2, '0')}`);
const splits = { train, test: ['u', 'v'], other: ['w'] };
const labelsOf = (i: number) => Uint8Array.of(i % 2, 1 - (i % 2));

const fitted: StackFitInput[] = [];
const stack: StackFamily = {
  kind: 'stack',
  ...identity('stack-means'),
  variants: { laptop: { a: {} }, competition: { a: {} } },
  async fit(input) {
    fitted.push(input);
    return this.load('means');
  },
  load: async (text) => ({
    toText: async () => text,
    predict: async ({ rows }) => new Float64Array(rows * classes.length).fill(0.5),
    importance: async () => new Float64Array(fitted[0]?.train.columns.length ?? 0),
    dispose: () => undefined,
  }),
};

const families = [
  { kind: 'ingest', ...identity('ingest') } as MetadataFamily,
  { kind: 'features', ...identity('hash'), rowsAlone: ['laptop', 'competition'] } as unknown as FeatureFamily,
  {
    kind: 'nets',
    ...identity('net'),
    settings: { laptop: { feature: 'hash' }, competition: { feature: 'hash' } },
  } as unknown as NetFamily,
  {
    kind: 'neighbours',
    ...identity('around'),
    settings: { laptop: { nets: ['net'] }, competition: { nets: ['net'] } },
  } as unknown as NeighbourFamily,
  stack,
  { kind: 'ensemble', ...identity('ensemble') } as unknown as EnsembleFamily,
];

const clips = Object.entries(splits).flatMap(([split, names]) =>
  names.map((filename, i) => ({
    filename,
    path: filename,
    bytes: 1,
    split,
    ...(split === 'train' ? { labels: labelsOf(i) } : {}),
  })),
) as Dataset['clips'];
let folder: TemporaryFolder;
let tests = 0;
let artifacts: string;
let training: Training;
const at = (path: string) => join(artifacts, path);

const trainingIn = (place: string): Training => ({
  dataset: {
    name: 'd',
    digest: 'd',
    classes,
    clips,
    submission: { classes, filenames: splits.test },
    missing: [],
    unreadable: [],
    unknown: [],
    unmatched: [],
  },
  artifacts: place,
  profile: 'laptop',
  families,
  folds: 2,
  seed: 1,
  context: { weightsDir: '', threads: 1, device: 'cpu' },
});

beforeEach(async () => {
  fitted.length = 0;
  artifacts = folder.join(`${tests++}`);
  await cp(folder.join('base'), artifacts, { recursive: true });
  training = trainingIn(artifacts);
});
afterAll(() => folder.remove());

/** What the stages before leave, as small as it can be, and what the table stage makes of it. */
beforeAll(async () => {
  folder = await temporaryFolder();
  artifacts = folder.join('base');
  const ok = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;
  const metadata = smallClip('');
  const json = async (path: string, value: unknown) => {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), JSON.stringify(value));
  };
  await writeIngested(
    artifacts,
    clips.map(({ filename, split }) => ({ filename, split, metadata, fault: null, reason: '' })),
  );
  await json('ingest/folds.json', [train.filter((_, i) => i % 4 < 2), train.filter((_, i) => i % 4 >= 2)]);
  const entries = clips.map(({ filename }) => ({
    filename,
    key: '',
    outcome: ok,
    file: 't',
    sha256: '',
    bytes: 1,
    shape: [1, 1],
  }));
  await writeFeatureIndex(
    artifacts,
    {
      feature: 'hash',
      version: '1',
      weights: { source: 'none', digest: null, note: '' },
      columns: [],
      clips: entries,
    },
    async () => ({}),
  );
  await json('nets/net/card.json', { outOfFold: { logLoss: 1, accuracy: 0 } });
  const names = clips.map(({ filename }) => filename);
  // The second column is the class; the first is missing for some.
  await writeTable(at('ingest/columns.parquet'), {
    keys: names,
    columns: [
      { name: 'bytes', values: Float64Array.from(names, (_, i) => (i < 15 ? Number.NaN : i % 7)) },
      { name: 'archive', values: Float64Array.from(names, (_, i) => 10 + (i % 2)) },
    ],
  });
  await writeTable(at('features/hash/rows.parquet'), {
    keys: names,
    columns: [{ name: 'motion', values: Float64Array.from(names, (_, i) => (i * 7) % 11) }],
  });
  for (const [split, filenames] of Object.entries(splits)) {
    const probabilities = Float64Array.from(
      filenames.flatMap((_, i) => [...labelsOf(i)].map((label) => 0.2 + label / 2)),
    );
    await writeNetPredictions(at(`nets/net/${split}.parquet`), { filenames, classes, probabilities });
    await writeTable(at(`neighbours/${split}.parquet`), {
      keys: filenames,
      columns: [{ name: 'net/k1/bird', values: new Float32Array(filenames.length).fill(Number.NaN) }],
    });
  }
  await tableStage(trainingIn(artifacts)).run(run);
});

const run = { signal: new AbortController().signal, threads: 1, report: () => undefined, key: 'k' };
const columns = ['ingest/bytes', 'ingest/archive', 'hash/motion', 'net/bird', 'net/hog', 'around/net/k1/bird'];

describe('the table stage', () => {
  it('takes of a family with many columns those that vary most over labelled clips, in their order', async () => {
    const names = clips.map(({ filename }) => filename);
    const scaled = (by: number) => Float64Array.from(names, (_, i) => by * (i % 5));
    await writeTable(at('features/hash/rows.parquet'), {
      keys: names,
      columns: [
        { name: 'small', values: scaled(0.1) },
        { name: 'large', values: scaled(3) },
        // Of the clips that are predicted alone.
        { name: 'elsewhere', values: Float64Array.from(names, (_, i) => (i < train.length ? 1 : 100 * i)) },
        { name: 'larger', values: scaled(4) },
      ],
    });
    const most = families.map((family) => (family.kind === 'features' ? { ...family, columnsAtMost: 2 } : family));
    await tableStage({ ...training, families: most }).run(run);
    for (const split of ['train', 'test', 'other']) {
      const { columns: joined } = await readTable(at(`second-level/${split}.parquet`));
      const own = joined.map(({ name }) => name).filter((name) => name.startsWith('hash/'));
      expect(own, split).toEqual(['hash/large', 'hash/larger']);
    }
  });

  it('joins all columns by clip, with a dictionary and a leakage check', async () => {
    expect((await readTable(at('second-level/other.parquet'))).keys).toEqual(['w']);
    const table = await readTable(at('second-level/train.parquet'));
    expect(table.keys).toEqual(train);
    expect(table.columns.map(({ name }) => name)).toEqual(columns);
    const lines = (await readFile(at('second-level/dictionary.csv'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + columns.length);
    expect(lines[0]).toBe('column,family,version,type,missing_train,missing_test,missing_other,min_train,max_train');
    expect(lines[1]).toBe('ingest/bytes,ingest,1.2.3,number,0.25,0,0,0,6');
    expect(lines[3]).toMatch(/^hash\/motion,hash,1.2.3,number,0,0,0,0,10$/);
    expect(lines[6]).toBe('around/net/k1/bird,around,1.2.3,number,1,1,1,,');
    const { suspicious, outOfFold } = await readLeakage(artifacts);
    expect(suspicious).toEqual([{ column: 'ingest/archive', source: 'ingest', class: 'bird', auc: 1 }]);
    expect(outOfFold.map(({ column }) => column)).toEqual(['net/bird', 'net/hog']);
  });

  it.each([
    [
      'other classes',
      'TABLE_COLUMN',
      'nets/net/test.parquet',
      (path: string) =>
        writeNetPredictions(path, {
          filenames: ['u', 'v'],
          classes: ['bird', 'pig'],
          probabilities: new Float64Array(4),
        }),
    ],
    ['a family that is gone', 'TABLE_NOT_FOUND', 'nets/net/other.parquet', (path: string) => rm(path)],
    [
      'a table that is cut off',
      'TABLE_UNREADABLE',
      'features/hash/rows.parquet',
      async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 200)),
    ],
    [
      'a clip twice',
      'TABLE_KEY',
      'neighbours/other.parquet',
      async (path: string) => {
        await writeTable(at('places.parquet'), {
          keys: ['w'],
          columns: [
            { name: 'part', text: ['other'] },
            { name: 'site', text: [null] },
            { name: 'moment', values: Float64Array.of(1) },
          ],
        });
        const pass = { parts: ['other'], nets: [{ name: 'net', sources: [{ path: at('nets/net/test.parquet') }] }] };
        await writeNeighbourTable({ clips: at('places.parquet'), passes: [pass, pass], classes, ks: [1], out: path });
      },
    ],
    [
      'a column twice',
      'TABLE_COLUMN',
      'features/hash/rows.parquet',
      (path: string) =>
        writeTable(path, {
          keys: ['u'],
          columns: [
            { name: 'motion', values: Float64Array.of(1) },
            { name: 'x', text: ['a'] },
          ],
        }).then(() => rename(training)),
    ],
  ])('refuses %s, naming the file, and leaves what was there', async (_name, code, path, damage) => {
    const before = await readFile(at('second-level/train.parquet'));
    await damage(at(path));
    await expect(tableStage(training).run(run)).rejects.toMatchObject({ code, fields: { table: at(path) } });
    expect(await readFile(at('second-level/train.parquet'))).toEqual(before);
  });
});

/** Gives the metadata a column of the hash family's name. */
async function rename({ families: all }: Training): Promise<void> {
  training = {
    ...training,
    families: all.map((family) => (family.kind === 'ingest' ? { ...family, name: 'hash' } : family)),
  };
  await writeTable(at('ingest/columns.parquet'), {
    keys: ['u'],
    columns: [{ name: 'motion', values: Float64Array.of(1) }],
  });
}

describe('the stack stage', () => {
  it('sees what is missing as NaN, and as -1 in the competition profile', async () => {
    await stackStage(training, stack, 'a').run(run);
    const [first] = fitted;
    expect(first?.train.columns).toEqual(columns);
    expect(first?.train.data[columns.length - 1]).toBeNaN();
    training = { ...training, profile: 'competition' };
    await stackStage(training, stack, 'a').run(run);
    expect(fitted[2]?.train.data[columns.length - 1]).toBe(-1);
  });

  it.each([
    [
      'a table that is cut off',
      'TABLE_UNREADABLE',
      'second-level/train.parquet',
      async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 300)),
    ],
    ['a table that is gone', 'TABLE_NOT_FOUND', 'second-level/test.parquet', (path: string) => rm(path)],
    [
      'other columns for other clips',
      'TABLE_COLUMN',
      'second-level/test.parquet',
      (path: string) =>
        writeTable(path, { keys: ['u', 'v'], columns: [{ name: 'ingest/bytes', values: Float64Array.of(1, 2) }] }),
    ],
    [
      'a clip without a row',
      'TABLE_KEY',
      'second-level/other.parquet',
      (path: string) => copyFile(at('second-level/test.parquet'), path),
    ],
  ])('refuses %s, naming the file, and leaves what was there', async (_name, code, path, damage) => {
    await mkdir(at('stack/stack-means-a'), { recursive: true });
    await writeFile(at('stack/stack-means-a/card.json'), 'old');
    await damage(at(path));
    await expect(stackStage(training, stack, 'a').run(run)).rejects.toMatchObject({
      code,
      fields: { table: at(path) },
    });
    expect(await readFile(at('stack/stack-means-a/card.json'), 'utf8')).toBe('old');
  });
});
