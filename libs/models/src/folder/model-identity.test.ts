import { expect, it } from 'vitest';
import type { Label } from './labels.ts';
import { modelCardSchema, type ModelCard, type PictureCard } from './model-card.ts';
import { licenceCaution, modelAnswers, modelDigest } from './model-identity.ts';

const card = modelCardSchema.parse({
  schema: 1,
  ...{ name: 'species', version: '1.0.0', kind: 'image-classifier', summary: 's', source: 'here' },
  ...{ file: 'model.onnx', sha256: '0'.repeat(64), bytes: 1, licence: 'MIT', commercialUse: true },
  input: {
    ...{ name: 'x', size: [8, 8], layout: 'nchw', channels: 'rgb', values: '0..1', fit: { kind: 'stretch' } },
    ...{ interpolation: 'bilinear', batch: 1 },
  },
  output: { name: 'y', activation: 'softmax' },
  labels: 'labels.csv',
}) as PictureCard;
const labels = [{ name: 'hog', group: 'animal', scientificName: null, taxonRank: null }] satisfies Label[];
const model = (change: Partial<ModelCard> = {}, own: readonly Label[] = labels) => ({
  folder: '',
  file: '',
  card: { ...card, ...change } as ModelCard,
  labels: own,
});
const renamed = [{ ...labels[0], name: 'duiker' }] as readonly Label[];

it('tells models apart by what changes a number, and by no words for people', () => {
  const digest = modelDigest(model());
  expect(modelDigest(model({ summary: 'other', licence: 'GPL-3.0', commercialUse: null, source: 'there' }))).toBe(
    digest,
  );
  const others = [
    model({ version: '1.0.1' }),
    model({ input: { ...card.input, values: '0..255' } } as Partial<ModelCard>),
    model({ sha256: '1'.repeat(64) }),
    model({}, renamed),
  ].map(modelDigest);
  expect(new Set([digest, ...others]).size).toBe(5);
});

it('lets versions stand in for each other that have kind, width and classes in common', () => {
  const answers = modelAnswers(model());
  expect(modelAnswers(model({ version: '2.0.0', sha256: '1'.repeat(64) }))).toBe(answers);
  expect(modelAnswers(model({}, renamed))).not.toBe(answers);
  const encoder = (width: number) =>
    modelAnswers(model({ kind: 'image-encoder', output: { name: 'y', pool: 'none', width, normalise: false } }, []));
  expect(encoder(384)).toBe(encoder(384));
  expect(encoder(384)).not.toBe(encoder(768));
});

it('says what must be said of a licence', () => {
  expect(licenceCaution(model())).toBeUndefined();
  expect(licenceCaution(model({ commercialUse: false }))).toBe('species: its licence (MIT) forbids commercial use');
  expect(licenceCaution(model({ commercialUse: null }))).toContain('nobody has said');
});
