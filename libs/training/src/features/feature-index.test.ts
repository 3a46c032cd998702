import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import {
  FeatureIndexFile,
  featureIndexPath,
  featureSources,
  readFeatureIndex,
  writeFeatureIndex,
  type FeatureEntry,
  type FeatureRow,
} from './feature-index.ts';

const entry = (filename: string): FeatureEntry => ({
  filename,
  key: 'k',
  outcome: { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 },
  file: filename,
  sha256: '',
  bytes: 1,
  shape: [1, 2],
});
const clips = ['a', 'forêt', 'z'].map(entry);
const index = {
  feature: 'looks',
  version: '1.0.0',
  weights: { source: 'none' as const, digest: null, note: '' },
  columns: ['x', 'y'],
  clips,
};
const rows: FeatureRow[] = [{ x: 1.5, y: 2 }, { y: -0.1 }, { x: null, y: 3 }];
const rowAt = async (position: number) => rows[position] ?? {};

it('gives back entries, and rows when they are asked for', async () => {
  await using folder = await temporaryFolder();
  await writeFeatureIndex(folder.path, index, rowAt);
  expect(await readFeatureIndex(folder.path, 'looks')).toEqual(index);
  await using file = await FeatureIndexFile.open(folder.path, 'looks');
  expect(await Promise.all([2, 0, 1].map((position) => file.rowAt(position)))).toEqual([
    { x: null, y: 3 },
    { x: 1.5, y: 2 },
    { x: null, y: -0.1 },
  ]);
  expect(await file.numbersAt(0)).toEqual([1.5, 2]);
});

it('refuses an index that lacks a line or a part of one', async () => {
  await using folder = await temporaryFolder();
  await writeFeatureIndex(folder.path, index, rowAt);
  const path = join(folder.path, featureIndexPath('looks'));
  const text = await readFile(path, 'utf8');
  for (const part of [text.slice(0, -1), `${text.split('\n').slice(0, -2).join('\n')}\n`, '']) {
    await writeFile(path, part);
    await expect(readFeatureIndex(folder.path, 'looks')).rejects.toThrow('a line for each of its');
  }
});

it('tells what features rest on, and shows every entry, without keeping them', async () => {
  await using folder = await temporaryFolder();
  await writeFeatureIndex(folder.path, index, rowAt);
  const silent = clips.map((clip) => ({ ...clip, file: null, shape: null }));
  await writeFeatureIndex(folder.path, { ...index, feature: 'sounds', clips: silent }, rowAt);
  const seen: string[] = [];
  const sources = await featureSources(folder.path, ['sounds', 'looks'], ({ filename }) => seen.push(filename));
  const { weights } = index;
  expect(sources).toEqual([
    { feature: 'sounds', weights, made: false },
    { feature: 'looks', weights, made: true },
  ]);
  expect(seen).toEqual([...clips, ...clips].map(({ filename }) => filename));
});
