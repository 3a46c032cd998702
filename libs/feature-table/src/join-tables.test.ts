import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { dataDictionary } from './data-dictionary.ts';
import { withColumns, type FeatureTable } from './feature-table.ts';
import { joinTables } from './join-tables.ts';
import { toMatrix } from './matrix.ts';
import { readNetPredictions, writeNetPredictions } from './prediction-table.ts';
import { tableDigest } from './table-digest.ts';
import { writeTable } from './write-table.ts';

const metadata: FeatureTable = {
  keys: ['c', 'a'],
  columns: [
    { name: 'frames', values: Int32Array.of(30, 10) },
    { name: 'status', text: ['ok', 'degraded'] },
  ],
};
const net = {
  filenames: ['a', 'b'],
  classes: ['bird', 'hog'],
  probabilities: Float32Array.of(0.25, 0.75, 1, 0),
  folds: Int32Array.of(1, 5),
};

describe('joinTables', () => {
  it('joins by filename, in sorted order, with missing values where a table lacks a clip', async () => {
    await using folder = await temporaryFolder();
    await writeTable(folder.join('m.parquet'), metadata);
    await writeNetPredictions(folder.join('n.parquet'), net);
    const sources = [
      { path: folder.join('m.parquet'), name: 'metadata' },
      { path: folder.join('n.parquet'), prefix: 'gru/', name: 'gru', classes: ['hog', 'bird'] },
    ];
    const table = await joinTables(sources);
    expect(table).toEqual({
      keys: ['a', 'b', 'c'],
      columns: [
        { name: 'frames', source: 'metadata', values: Float64Array.of(10, Number.NaN, 30) },
        { name: 'status', source: 'metadata', text: ['degraded', null, 'ok'] },
        { name: 'gru/hog', source: 'gru', values: Float32Array.of(0.75, 0, Number.NaN) },
        { name: 'gru/bird', source: 'gru', values: Float32Array.of(0.25, 1, Number.NaN) },
      ],
    });
    expect(toMatrix(table)).toEqual({
      data: Float32Array.of(10, 0.75, 0.25, Number.NaN, 0, 1, 30, Number.NaN, Number.NaN),
      rows: ['a', 'b', 'c'],
      columns: ['frames', 'gru/hog', 'gru/bird'],
    });
    expect(toMatrix(table, { missing: -1, dtype: 'float64' }).data).toEqual(
      Float64Array.of(10, 0.75, 0.25, -1, 0, 1, 30, -1, -1),
    );
    expect(dataDictionary(table)).toEqual([
      { column: 'frames', source: 'metadata', kind: 'number', missing: 1 / 3, min: 10, max: 30 },
      { column: 'status', source: 'metadata', kind: 'text', missing: 1 / 3, min: null, max: null },
      { column: 'gru/hog', source: 'gru', kind: 'number', missing: 1 / 3, min: 0, max: 0.75 },
      { column: 'gru/bird', source: 'gru', kind: 'number', missing: 1 / 3, min: 0.25, max: 1 },
    ]);

    const chosen = await joinTables(sources, ['z', 'b']);
    expect(chosen.keys).toEqual(['b', 'z']);
    expect(toMatrix(chosen, { missing: -1 }).data).toEqual(Float32Array.of(-1, 0, 1, -1, -1, -1));
    expect(dataDictionary(chosen)[0]).toMatchObject({ missing: 1, min: null, max: null });
  });

  it('refuses what does not fit, naming table and column', async () => {
    await using folder = await temporaryFolder();
    const [m, n] = [folder.join('m.parquet'), folder.join('n.parquet')];
    await writeTable(m, metadata);
    await writeNetPredictions(n, net);
    await expect(joinTables([{ path: m }, { path: m }])).rejects.toMatchObject({
      code: 'TABLE_COLUMN',
      fields: { table: m, column: 'frames' },
    });
    await expect(joinTables([{ path: m, columns: ['fps'] }])).rejects.toMatchObject({
      code: 'TABLE_COLUMN',
      fields: { table: m, column: 'fps' },
    });
    await expect(joinTables([{ path: n, classes: ['bird', 'pig'] }])).rejects.toMatchObject({
      code: 'TABLE_COLUMN',
      message: expect.stringContaining('missing pig; unknown hog') as string,
      fields: { table: n },
    });
    await expect(joinTables([{ path: n, classes: ['bird'] }])).rejects.toThrow('unknown hog');
    await expect(joinTables([{ path: m }], ['a', 'a'])).rejects.toMatchObject({
      code: 'TABLE_KEY',
      fields: { key: 'a' },
    });
  });
});

describe('withColumns', () => {
  it('adds columns, unless they do not fit', () => {
    const table = withColumns(metadata, [{ name: 'reason', text: ['', 'cut off'] }]);
    expect(table.columns.map((column) => column.name)).toEqual(['frames', 'status', 'reason']);
    expect(() => withColumns(metadata, [{ name: 'status', text: ['', ''] }])).toThrow('a name of its own');
    expect(() => withColumns(metadata, [{ name: 'reason', text: [''] }])).toThrow('got 1');
  });
});

describe('tables of predictions', () => {
  it('come back sorted, classes in the order asked for', async () => {
    await using folder = await temporaryFolder();
    await writeNetPredictions(folder.join('train.parquet'), { ...net, filenames: ['y', 'x'] });
    expect(await readNetPredictions(folder.join('train.parquet'), ['hog', 'bird'])).toEqual({
      filenames: ['x', 'y'],
      classes: ['hog', 'bird'],
      probabilities: Float32Array.of(0, 1, 0.75, 0.25),
      folds: Int32Array.of(5, 1),
    });
    const { filenames, classes } = net;
    const test = { filenames, classes, probabilities: Float64Array.of(0.1, 0.2, Number.NaN, Number.NaN) };
    await writeNetPredictions(folder.join('test.parquet'), test);
    expect(await readNetPredictions(folder.join('test.parquet'), classes)).toEqual(test);
    const none = { filenames: [], classes, probabilities: new Float32Array(0) };
    await writeNetPredictions(folder.join('other.parquet'), none);
    expect(await readNetPredictions(folder.join('other.parquet'), classes)).toEqual(none);
  });

  it('refuse numbers that are no probabilities, other classes, and reserved names', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('n.parquet');
    await expect(
      writeNetPredictions(path, { ...net, probabilities: Float32Array.of(0, 0, 0, 1.5) }),
    ).rejects.toMatchObject({ code: 'TABLE_VALUE', fields: { column: 'hog', key: 'b' } });
    await expect(writeNetPredictions(path, { ...net, probabilities: new Float32Array(3) })).rejects.toMatchObject({
      code: 'TABLE_SHAPE',
    });
    await expect(writeNetPredictions(path, { ...net, classes: ['bird', 'Fold'] })).rejects.toMatchObject({
      code: 'TABLE_COLUMN',
    });
    await writeNetPredictions(path, net);
    await expect(readNetPredictions(path, ['bird', 'pig'])).rejects.toThrow('missing pig; unknown hog');
    await writeTable(path, { keys: ['a'], columns: [{ name: 'bird', text: ['x'] }] });
    await expect(readNetPredictions(path, ['bird'])).rejects.toMatchObject({
      code: 'TABLE_VALUE',
      fields: { column: 'bird' },
    });
    await writeTable(path, { keys: ['a'], columns: [{ name: 'bird', values: Float64Array.of(-0.5) }] });
    await expect(readNetPredictions(path, ['bird'])).rejects.toMatchObject({
      code: 'TABLE_VALUE',
      fields: { column: 'bird', key: 'a' },
    });
    await writeTable(path, {
      keys: ['a'],
      columns: [
        { name: 'fold', values: Float64Array.of(1.5) },
        { name: 'bird', values: Float64Array.of(0.5) },
      ],
    });
    await expect(readNetPredictions(path, ['bird'])).rejects.toMatchObject({
      code: 'TABLE_VALUE',
      fields: { column: 'fold' },
    });
  });
});

describe('tableDigest', () => {
  it('changes with every part of the content', () => {
    const digest = tableDigest(metadata);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const [frames, status] = metadata.columns as [FeatureTable['columns'][number], FeatureTable['columns'][number]];
    for (const other of [
      { ...metadata, keys: ['c', 'b'] },
      { ...metadata, columns: [frames] },
      { ...metadata, columns: [status, frames] },
      { ...metadata, columns: [frames, { name: 'status', text: ['ok', null] }] },
      { ...metadata, columns: [{ name: 'frames', values: Float64Array.of(30, 10) }, status] },
      { ...metadata, columns: [{ name: 'frames', values: Int32Array.of(30, 11) }, status] },
    ]) {
      expect(tableDigest(other)).not.toBe(digest);
    }
  });
});
