import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClipMetadata } from '@primatrix/contracts';
import type {
  EnsembleFamily,
  Family,
  MetadataFamily,
  NeighbourFamily,
  StackFamily,
  StackFitInput,
} from '@primatrix/families';
import { readNetPredictions, writeNeighbourTable, writeNetPredictions, writeTable } from '@primatrix/feature-table';
import { sha256File, writeFileAtomic } from '@primatrix/files';
import { GraphBuilder } from '@primatrix/onnx';
import { firstLevelRecord, neighbourClip, type Corrections, type FirstLevelRecord } from '@primatrix/prediction';
import { smallClip, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Training } from '../plan/training.ts';
import { writeTrainingFacts } from '../second-level/training-facts.ts';
import { refitSecondLevel } from './refit-second-level.ts';

const classes = ['bird', 'hog'];
const columns = ['meta/bytes', 'net/bird', 'net/hog', 'around/net/k1/bird', 'around/net/k1/hog'];
const train = ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'];
const hog = Uint8Array.of(0, 1);
const bird = Uint8Array.of(1, 0);
const identity = (name: string) => ({ name, version: '1.0.0', summary: '' });
const fitted: StackFitInput[] = [];
const model = netOf(classes.length);

/** Says of every clip the share of each class among those it was fitted to. */
const stack: StackFamily = {
  kind: 'stack',
  ...identity('stack-shares'),
  variants: { laptop: { a: {} }, competition: { a: {} } },
  async fit(input) {
    fitted.push(input);
    const shares = classes.map(
      (_, c) => [...input.labels].filter((label, i) => i % 2 === c && label === 1).length / input.train.rows,
    );
    return this.load(JSON.stringify(shares));
  },
  load: async (text) => ({
    toText: async () => text,
    predict: async ({ rows }) =>
      Float64Array.from({ length: rows * 2 }, (_, i) => (JSON.parse(text) as number[])[i % 2] ?? 0),
    importance: async () => new Float64Array(columns.length),
    dispose: () => undefined,
  }),
};
const families: Family[] = [
  {
    kind: 'ingest',
    ...identity('meta'),
    reference: () => null,
    columns: ({ bytes }: ClipMetadata) => ({ bytes }),
  } satisfies MetadataFamily,
  {
    kind: 'neighbours',
    ...identity('around'),
    settings: {} as NeighbourFamily['settings'],
    write: writeNeighbourTable,
  },
  stack,
  {
    kind: 'ensemble',
    ...identity('ensemble'),
    settings: {
      laptop: { weights: 'original', calibration: 'none', lose: [] },
      competition: { weights: 'original', calibration: 'none', lose: [] },
    },
    weigh: (_how, members) => Object.fromEntries(members.map(({ name }) => [name, 1 / members.length])),
    calibrate: () => ({ method: 'none' }),
    combine: ([member]) => member?.probabilities ?? new Float64Array(),
  } satisfies EnsembleFamily,
];

let folder: TemporaryFolder;
let tests = 0;
let bundle: string;
const write = async (path: string, content: unknown) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
};

/** A training of two folds and its bundle, as small as they can be. */
beforeEach(async () => {
  fitted.length = 0;
  const artifacts = folder.join(`${tests++}`);
  bundle = join(artifacts, 'bundle');
  const labelled = train.map((filename, i) => ({ filename, fold: i < 3 ? 1 : 2, labels: i % 2 === 0 ? hog : bird }));
  await writeTrainingFacts(
    {
      artifacts,
      dataset: { name: 'd', digest: 'd', classes },
      profile: 'laptop',
      folds: 2,
      seed: 1,
    } as unknown as Training,
    labelled,
  );
  const names = [...train, 'u1'];
  await writeTable(join(artifacts, 'manifest.parquet'), {
    keys: names,
    columns: [
      { name: 'split', text: names.map((name) => (name === 'u1' ? 'test' : 'train')) },
      { name: 'site', text: names.map((name) => name.slice(0, 1)) },
      { name: 'sha256', text: names.map((name) => `sha-${name}`) },
    ],
  });
  const table = (keys: readonly string[]) => ({
    keys,
    columns: columns.map((name, c) => ({ name, values: Float32Array.from(keys, (_, i) => i + c / 10) })),
  });
  await writeTable(join(artifacts, 'second-level/train.parquet'), table(train));
  await writeTable(join(artifacts, 'second-level/test.parquet'), table(['u1']));
  await write(join(artifacts, 'stack/stack-shares-a/card.json'), { member: 'stack-shares-a', settings: { rounds: 7 } });
  await writeNetPredictions(join(artifacts, 'ensemble/train.parquet'), {
    filenames: train,
    classes,
    probabilities: new Float64Array(12).fill(0.5),
    folds: Int32Array.from(labelled, ({ fold }) => fold),
  });
  await write(join(artifacts, 'stages/net/train-fold-1.json'), {
    schema: 1,
    stage: 'net:train-fold-1',
    key: '',
    outputs: [
      { path: 'nets/net/fold-1.onnx', sha256: await digestAt('nets/net/fold-1.onnx', model), bytes: model.length },
    ],
    summary: null,
  });
  await write(join(bundle, 'bundle.json'), {
    schema: 4,
    profile: 'laptop',
    dataset: { name: 'd', digest: 'd' },
    classes,
    metadata: { family: 'meta', version: '1.0.0', reference: null },
    neighbours: { family: 'around', version: '1.0.0', nets: ['net'], ks: [1], order: 'site' },
    features: [{ family: 'f', version: '1.0.0', settings: null, weightsDigest: null, weights: '', weightsFiles: [] }],
    nets: [
      {
        family: 'net',
        version: '1.0.0',
        reads: 'f',
        input: [1],
        crop: [1],
        crops: 1,
        padding: 'repeat',
        models: [{ path: 'nets/net/fold-1.onnx', sha256: await digestAt('nets/net/fold-1.onnx', model) }],
      },
    ],
    stacks: [
      {
        family: 'stack-shares',
        version: '1.0.0',
        member: 'stack-shares-a',
        columns,
        models: [
          { path: 'stack/1.txt', sha256: await digestAt('stack/1.txt', '[0.1,0.9]') },
          { path: 'stack/2.txt', sha256: await digestAt('stack/2.txt', '[0.3,0.7]') },
        ],
      },
    ],
    ensemble: { family: 'ensemble', version: '1.0.0', weights: { 'stack-shares-a': 1 } },
  });
});
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

async function digestAt(path: string, content: string | Uint8Array): Promise<string> {
  await writeFileAtomic(join(bundle, path), content);
  return sha256File(join(bundle, path));
}

const metadata = (name: string, bytes: number): ClipMetadata => ({
  ...smallClip(`sha-${name}`),
  file: name,
  bytes,
});
const ok = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;
const record = (name: string, site: string, minute: number, chances: readonly number[]): FirstLevelRecord => ({
  ...firstLevelRecord(
    { filename: name, path: name, site, capturedAt: new Date(Date.UTC(2020, 1, 1, 0, minute)) },
    { outcome: ok, metadata: metadata(name, 7), modifiedAt: null },
  ),
  nets: { net: [...chances] },
});

/** A project of five clips, of which four are decided: two at a new site, one at a site of the training, one of the training itself. */
const records = [
  record('n1', 'new', 1, [0.1, 0.9]),
  record('n2', 'new', 2, [0.3, 0.7]),
  record('n3', 'new', 3, [0.5, 0.5]),
  record('n4', 'a', 1, [0.2, 0.8]),
  record('a2', 'somewhere', 1, [0, 1]),
];
const source = {
  clips: records.map((one) => neighbourClip(one, ['net'])),
  reviewed: [0, 1, 3, 4].map((i) => ({ record: records[i] as FirstLevelRecord, labels: hog })),
};
const refit = (corrections: Corrections, out: string, from = bundle) =>
  refitSecondLevel({
    bundle: from,
    training: dirname(bundle),
    corrections,
    families,
    out,
    threads: 1,
    device: 'cpu',
    signal: new AbortController().signal,
  });

describe('refitSecondLevel', () => {
  it('adds reviewed clips in folds by site, with the neighbours they were predicted with, and corrects training clips', async () => {
    const out = join(dirname(bundle), 'new');
    const card = await refit({ sources: [source], ofDataset: new Map([['u1', bird]]) }, out);
    expect(card.corrections).toEqual({ reviewed: 4, relabelled: 1, confirmed: 0 });
    const { filenames, folds } = await readNetPredictions(join(out, 'refit/out-of-fold.parquet'), classes);
    // Site a is in fold 1, where its clip of the project goes; the new sites go where fewer came. u1 is of site u.
    expect(Object.fromEntries(filenames.map((name, row) => [name, folds?.[row]]))).toEqual({
      a1: 1,
      a2: 1,
      a3: 1,
      b1: 2,
      b2: 2,
      b3: 2,
      'reviewed/sha-n1': 2,
      'reviewed/sha-n2': 2,
      'reviewed/sha-n4': 1,
      'reviewed/sha-u1': 1,
    });
    const [first, second] = fitted as [StackFitInput, StackFitInput];
    expect([first.settings, first.train.rows, second.train.rows]).toEqual([{ rounds: 7 }, 5, 5]);
    // Of fold 1's model: b1, b2, b3, n1, n2. The neighbours of n1 are n2 alone (k is 1), of n2 n1 and n3, which nobody has decided.
    const row = (matrix: StackFitInput['train'], i: number) =>
      [...matrix.data.subarray(i * columns.length, (i + 1) * columns.length)].map(
        (value) => Math.round(value * 1000) / 1000,
      );
    expect([row(first.train, 3), row(first.train, 4)]).toEqual([
      [7, 0.1, 0.9, 0.3, 0.7],
      [7, 0.3, 0.7, 0.3, 0.7],
    ]);
    expect(row(first.valid, 3)).toEqual([7, 0.2, 0.8, Number.NaN, Number.NaN]);
    // a2 was a bird for the training, and is a hog for whoever looked at it in the project.
    expect([...first.validLabels.subarray(2, 4)]).toEqual([0, 1]);
    expect(card.scores.training.before.logLoss).toBeCloseTo(Math.log(2), 12);
    // Before: the old models of the clips' own folds, 0.9 and 0.7 for hog; as the bundle predicts: their mean, 0.8.
    const loss = (p: number, label: number) => -Math.log(label === 1 ? p : 1 - p);
    expect(card.scores.reviewed?.before.logLoss).toBeCloseTo((2 * loss(0.7, 1) + loss(0.9, 1) + loss(0.9, 0)) / 4, 12);
    expect(card.scores.reviewed?.asPredicted?.logLoss).toBeCloseTo((3 * loss(0.8, 1) + loss(0.8, 0)) / 4, 12);
    expect(JSON.parse(await readFile(join(out, 'bundle.json'), 'utf8'))).toMatchObject({
      refit: { base: card.base, corrections: 5 },
      nets: [{ models: [{ path: 'nets/net/fold-1.onnx' }] }],
    });
  });

  it('starts from the training each time: of a re-fit it compares with what that said out of fold', async () => {
    const corrections = { sources: [source], ofDataset: new Map() };
    const [first, second] = [join(dirname(bundle), 'first'), join(dirname(bundle), 'second')];
    const before = await refit(corrections, first);
    const after = await refit(corrections, second, first);
    expect(after).toMatchObject({
      base: before.base,
      siteFolds: before.siteFolds,
      scores: {
        reviewed: {
          before: before.scores.reviewed?.after,
          after: before.scores.reviewed?.after,
          gain: { gain: 0 },
          asPredicted: null,
        },
      },
    });
    expect(after.before).not.toBe(before.before);
  });

  const nothing = { sources: [], ofDataset: new Map() };
  it.each([
    ['no correction', 'REFIT_NOTHING', nothing, async () => undefined],
    [
      'a clip that could not be read',
      'REFIT_NOTHING',
      {
        sources: [
          {
            clips: [],
            reviewed: [
              {
                record: { ...(records[0] as FirstLevelRecord), outcome: { ...ok, status: 'failed' as const } },
                labels: hog,
              },
            ],
          },
        ],
        ofDataset: new Map(),
      },
      async () => undefined,
    ],
    [
      'a clip that nobody knows',
      'REFIT_CLIP',
      { sources: [], ofDataset: new Map([['x', hog]]) },
      async () => undefined,
    ],
    [
      'labels of one class',
      'REFIT_ONE_CLASS',
      { sources: [], ofDataset: new Map(train.map((name) => [name, hog])) },
      async () => undefined,
    ],
    [
      'a training that is gone',
      'REFIT_TRAINING',
      { sources: [source], ofDataset: new Map() },
      () => rm(join(dirname(bundle), 'second-level/train.parquet')),
    ],
    [
      'a training of an earlier version',
      'REFIT_TRAINING',
      { sources: [source], ofDataset: new Map() },
      () => rm(join(dirname(bundle), 'second-level/training.json')),
    ],
    [
      'nets that were trained anew',
      'REFIT_TRAINING',
      { sources: [source], ofDataset: new Map() },
      () => rm(join(dirname(bundle), 'stages/net/train-fold-1.json')),
    ],
    [
      'a damaged table',
      'TABLE_UNREADABLE',
      { sources: [source], ofDataset: new Map() },
      () => writeFile(join(dirname(bundle), 'second-level/train.parquet'), 'PAR1'),
    ],
    [
      'a damaged bundle',
      'BUNDLE_DAMAGED',
      { sources: [source], ofDataset: new Map() },
      () => writeFile(join(bundle, 'stack/1.txt'), '[1,0]'),
    ],
  ])('refuses %s and writes nothing', async (_what, code, corrections, damage) => {
    await damage();
    const out = join(dirname(bundle), 'never');
    await expect(refit(corrections, out)).rejects.toMatchObject({ code });
    await expect(readFile(join(out, 'bundle.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/** A net that looks at one number, and is never asked. */
function netOf(outputs: number): Uint8Array {
  const g = new GraphBuilder('net');
  const x = g.input('x', 'float32', ['n', 1]);
  const w = g.initializer('w', { dtype: 'float32', shape: [1, outputs], data: new Float32Array(outputs) });
  g.output(g.node('MatMul', [x, w], {}, { name: 'y' }), 'float32', ['n', outputs]);
  return g.toBytes();
}
