import type { EnsembleFamily, FeatureFamily } from '@primatrix/families';
import { expect, it } from 'vitest';
import type { FirstLevelRecord } from '../first-level/first-level-record.ts';
import { recordsInMemory } from '../first-level/first-level-records.ts';
import { FewLabelsPredictor } from './few-labels-predictor.ts';

const width = 8;
const classes = ['hog', 'duiker', 'leopard'];
const encoder = {
  kind: 'features',
  name: 'encoder',
  version: '1.0.0',
  summary: '',
  settings: { laptop: {}, competition: {} },
  rowShape: () => [width],
  weightsDigest: async () => null,
  open: async () => ({
    weights: { source: 'imported', digest: null, note: 'encoder 1.0.0', caution: 'encoder: no commercial use' },
    pixels: 'color',
    start: () => {
      throw new Error('records are there already');
    },
    dispose: async () => undefined,
  }),
} satisfies FeatureFamily;
/** The mean of two members, and a calibration that can be told. */
const ensemble: Pick<EnsembleFamily, 'combine' | 'calibrate'> = {
  combine: (members, weights, calibration) =>
    Float64Array.from(members[0]?.probabilities ?? [], (_, i) =>
      members.reduce((sum, { name, probabilities }) => sum + (weights[name] ?? 0) * (probabilities[i] ?? 0), 0),
    ).map((p) => (calibration?.method === 'temperature' ? p / 2 : p)),
  calibrate: () => ({ method: 'temperature', temperature: 2 }),
};

/** A clip whose vector points where its class does, and a little elsewhere. */
function record(filename: string, c: number, site: string | null = null): FirstLevelRecord {
  const row = Object.fromEntries(
    Array.from({ length: width }, (_, i) => [i, (i === c ? 1 : 0) + 0.1 * Math.sin(filename.length + 7 * i + 3 * c)]),
  );
  const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 9, framesExpected: 9 } as const;
  const empty = { capturedAt: null, modifiedAt: null, metadata: null, nets: {}, padded: {} };
  return { filename, site, ...empty, outcome, rows: { encoder: row } };
}

async function predict(records: readonly FirstLevelRecord[], labels: Readonly<Record<string, number>>) {
  const labelsOf = new Map(
    Object.entries(labels).map(([name, c]) => [name, Uint8Array.from(classes, (_, i) => (i === c ? 1 : 0))]),
  );
  const context = { weightsDir: '', threads: 1, device: 'cpu', ensemble: ensemble as EnsembleFamily } as const;
  const predictor = await FewLabelsPredictor.open([encoder], { classes, labelsOf }, context);
  const predictions = await predictor.secondLevel(recordsInMemory(records));
  return { predictor, predictions, likeliest: predictions.map(({ probabilities: p }) => p?.indexOf(Math.max(...p))) };
}

it('predicts from one labelled clip a class, and says that it cannot be judged', async () => {
  const records = [0, 1, 2].flatMap((c) => [record(`a${c}`, c), record(`longer name ${c}`, c)]);
  const { predictor, likeliest } = await predict(records, { a0: 0, a1: 1, a2: 2 });
  expect(likeliest).toEqual([0, 0, 1, 1, 2, 2]);
  expect(predictor.score).toMatchObject({ labelled: 3, judged: 0, classes, by: 'clip', score: null });
  expect(predictor.warnings).toEqual(['encoder: no commercial use']);
});

it('predicts labelled clips by what did not see them, and keeps failed ones as they are', async () => {
  // The third is labelled as what it is not: whoever learned from it would say so.
  const names = (letter: string) => Array.from({ length: 8 }, (_, i) => letter.repeat(i + 1));
  const records = names('a').map((name) => record(name, 0));
  const others = names('b').map((name) => record(name, 1));
  const failed = {
    ...record('z', 2),
    outcome: { ...record('z', 2).outcome, status: 'failed', fault: 'truncated' } as const,
  };
  const labels = {
    ...Object.fromEntries([...names('a'), ...names('b')].map((name) => [name, name.startsWith('a') ? 0 : 1])),
    aaa: 1,
    z: 2,
  };
  const { predictor, predictions, likeliest } = await predict([...records, ...others, failed], labels);
  expect(likeliest.slice(0, 16)).toEqual([...Array<number>(8).fill(0), ...Array<number>(8).fill(1)]);
  expect(predictions[16]).toMatchObject({ filename: 'z', probabilities: null, members: {} });
  expect(Object.keys(predictions[0]?.members ?? {})).toEqual(['linear-probe', 'neighbours']);
  expect(predictor.score).toMatchObject({ labelled: 16, judged: 16, classes: ['hog', 'duiker'] });
  expect(predictor.score?.score?.accuracy).toBeCloseTo(15 / 16, 10);
});

it('leaves out sites where there are several, and calibrates from 30 clips on', async () => {
  const records = Array.from({ length: 33 }, (_, i) => record('x'.repeat(i + 1), i % 3, `site ${i % 4}`));
  const labels = Object.fromEntries(records.slice(0, 32).map(({ filename }, i) => [filename, i % 3]));
  const { predictor, predictions } = await predict(records, labels);
  expect(predictor.score).toMatchObject({ by: 'site', groups: 4, parts: 4, judged: 32 });
  expect(predictions[32]?.probabilities?.reduce((sum, p) => sum + p, 0)).toBeCloseTo(0.5, 6);
  const fewer = await predict(records, Object.fromEntries(Object.entries(labels).slice(0, 29)));
  expect(fewer.predictions[32]?.probabilities?.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
});

it('says so where no labelled clip can be read', async () => {
  const { outcome, ...clip } = record('a', 0);
  const failed = { ...clip, outcome: { ...outcome, status: 'failed', fault: 'truncated' } as const };
  await expect(predict([failed, record('b', 1)], { a: 0 })).rejects.toMatchObject({ code: 'FEW_LABELS_CLASSES' });
});
