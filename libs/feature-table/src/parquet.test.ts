import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { sha256File } from '@primatrix/files';
import { temporaryFolder } from '@primatrix/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqlString, withDuckDb } from './duckdb-session.ts';
import type { FeatureTable } from './feature-table.ts';
import { readTable } from './read-table.ts';
import { tableDigest } from './table-digest.ts';
import { writeTable } from './write-table.ts';

const sample: FeatureTable = {
  keys: ['a.mp4', 'b.mp4', "c 'quoted'.mp4"],
  columns: [
    { name: 'bytes', values: Float64Array.of(1e9 + 0.5, Number.NaN, -0.1) },
    { name: 'other (a, "b"); DROP', values: Float32Array.of(0.1, 1, Number.NaN) },
    { name: "it's", values: Int32Array.of(1, -2, 2 ** 31 - 1) },
    { name: 'status', text: ['ok', null, 'failed; "why"'] },
  ],
};

describe('writeTable and readTable', () => {
  it('come back as they were: bits, types, missing values and odd names', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('t.parquet');
    await writeTable(path, sample);
    expect(await readTable(path)).toEqual(sample);
    expect(await readdir(folder.path)).toEqual(['t.parquet']);
  });

  it('come back as they were, whatever they are', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('t.parquet');
    const table = fc
      .record({
        keys: fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 20 }),
        names: fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 4, selector: (name) => name.toLowerCase() }),
      })
      .filter(({ names }) => !names.some((name) => name.toLowerCase() === 'filename' || name.includes('\0')))
      .chain(({ keys, names }) => {
        const rows = { minLength: keys.length, maxLength: keys.length };
        const column = (name: string) =>
          fc.oneof(
            fc.array(fc.double(), rows).map((v) => ({ name, values: Float64Array.from(v) })),
            fc.array(fc.float(), rows).map((v) => ({ name, values: Float32Array.from(v) })),
            fc.array(fc.integer(), rows).map((v) => ({ name, values: Int32Array.from(v) })),
            fc.array(fc.option(fc.string({ unit: 'binary' })), rows).map((text) => ({ name, text })),
          );
        return fc.record({ keys: fc.constant([...keys].sort()), columns: fc.tuple(...names.map(column)) });
      });
    await fc.assert(
      fc.asyncProperty(table, async (written: FeatureTable) => {
        await writeTable(path, written);
        expect(await readTable(path)).toEqual(written);
      }),
      { numRuns: 60 },
    );
  });

  it('keep folders with quotes, blanks and pattern signs apart', async () => {
    await using folder = await temporaryFolder();
    const odd = folder.join("site=1 [x] it's *?", 't "1".parquet');
    const plain = folder.join('site=1 x', 't.parquet');
    await writeTable(odd, sample);
    await writeTable(plain, { keys: ['z'], columns: [] });
    expect(await readTable(odd)).toEqual(sample);
    expect(await readTable(plain)).toEqual({ keys: ['z'], columns: [] });
  });

  it('sorts by filename, keeps more rows than a vector or a row group has, and takes no rows too', async () => {
    await using folder = await temporaryFolder();
    const rows = 20_000;
    const keys = Array.from({ length: rows }, (_, i) => `clip-${String((i * 7919) % rows).padStart(5, '0')}`);
    const table = { keys, columns: [{ name: 'x', values: Float64Array.from(keys, (key) => Number(key.slice(5))) }] };
    await writeTable(folder.join('t.parquet'), table);
    const read = await readTable(folder.join('t.parquet'));
    expect(read.keys).toEqual([...keys].sort());
    expect(read.columns).toEqual([{ name: 'x', values: Float64Array.from({ length: rows }, (_, i) => i) }]);
    await writeTable(folder.join('none.parquet'), { keys: [], columns: [{ name: 'x', values: new Float64Array(0) }] });
    expect(await readTable(folder.join('none.parquet'))).toEqual({
      keys: [],
      columns: [{ name: 'x', values: new Float64Array(0) }],
    });
  });

  it('write the same bytes for the same content, in whatever order its rows come', async () => {
    await using folder = await temporaryFolder();
    const rows = 40_000;
    const make = (order: (i: number) => number): FeatureTable => {
      const ids = Array.from({ length: rows }, (_, i) => order(i));
      return {
        keys: ids.map((i) => `clip-${String(i).padStart(5, '0')}`),
        columns: [
          { name: 'x', values: Float32Array.from(ids, (i) => (i % 7 === 0 ? Number.NaN : Math.fround(i / 3))) },
          { name: 'status', text: ids.map((i) => (i % 2 === 0 ? 'ok' : 'failed')) },
        ],
      };
    };
    const [forward, backward] = [make((i) => i), make((i) => rows - 1 - i)];
    await writeTable(folder.join('a.parquet'), forward);
    await writeTable(folder.join('b.parquet'), forward);
    await writeTable(folder.join('c.parquet'), backward);
    const digests = await Promise.all(['a', 'b', 'c'].map((name) => sha256File(folder.join(`${name}.parquet`))));
    expect(new Set(digests).size).toBe(1);
    expect(tableDigest(backward)).toBe(tableDigest(forward));
    expect(tableDigest(await readTable(folder.join('c.parquet')))).toBe(tableDigest(forward));
  });

  it('read chosen columns in the order asked for', async () => {
    await using folder = await temporaryFolder();
    await writeTable(folder.join('t.parquet'), sample);
    expect((await readTable(folder.join('t.parquet'), ["it's", 'bytes'])).columns.map((column) => column.name)).toEqual(
      ["it's", 'bytes'],
    );
    await expect(readTable(folder.join('t.parquet'), ['bytes', 'fps'])).rejects.toMatchObject({
      code: 'TABLE_COLUMN',
      fields: { column: 'fps', table: folder.join('t.parquet') },
    });
  });

  it('read what other tools write: types, NULL and order', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('t.parquet');
    const copy = (select: string) =>
      withDuckDb((connection) => connection.run(`COPY (${select}) TO ${sqlString(path)} (FORMAT parquet)`));
    await copy(
      "SELECT * FROM (VALUES ('b', 2::BIGINT, 1::TINYINT, NULL::INTEGER, true, 1.5::DECIMAL(4,1), 'NaN'::FLOAT), " +
        "('a', 3, 2, 7, false, 2, NULL)) t(filename, big, tiny, hole, bool, dec, f)",
    );
    expect(await readTable(path)).toEqual({
      keys: ['a', 'b'],
      columns: [
        { name: 'big', values: Float64Array.of(3, 2) },
        { name: 'tiny', values: Int32Array.of(2, 1) },
        { name: 'hole', values: Float64Array.of(7, Number.NaN) },
        { name: 'bool', values: Int32Array.of(0, 1) },
        { name: 'dec', values: Float64Array.of(2, 1.5) },
        { name: 'f', values: Float32Array.of(Number.NaN, Number.NaN) },
      ],
    });
    await copy("SELECT 'a' AS filename, 1 AS x UNION ALL SELECT 'a', 2");
    await expect(readTable(path)).rejects.toMatchObject({ code: 'TABLE_KEY', fields: { key: 'a', table: path } });
    await copy('SELECT NULL::VARCHAR AS filename');
    await expect(readTable(path)).rejects.toMatchObject({ code: 'TABLE_KEY' });
    await copy('SELECT 1 AS x');
    await expect(readTable(path)).rejects.toMatchObject({ code: 'TABLE_COLUMN', fields: { column: 'filename' } });
    await copy("SELECT 'a' AS filename, [1, 2] AS list");
    await expect(readTable(path)).rejects.toMatchObject({ code: 'TABLE_VALUE', fields: { column: 'list' } });
  });
});

describe('what is refused', () => {
  it.each([
    ['a clip twice', { keys: ['a', 'a'], columns: [] }, 'TABLE_KEY'],
    ['a row without name', { keys: [''], columns: [] }, 'TABLE_KEY'],
    [
      'a column twice but for case',
      {
        keys: [],
        columns: [
          { name: 'x', text: [] },
          { name: 'X', text: [] },
        ],
      },
      'TABLE_COLUMN',
    ],
    ['a column named as the key', { keys: [], columns: [{ name: 'Filename', text: [] }] }, 'TABLE_COLUMN'],
    [
      'a column that is too short',
      { keys: ['a', 'b'], columns: [{ name: 'x', values: Float64Array.of(1) }] },
      'TABLE_SHAPE',
    ],
  ] as [string, FeatureTable, string][])('%s', async (_, table, code) => {
    await using folder = await temporaryFolder();
    await expect(writeTable(folder.join('t.parquet'), table)).rejects.toMatchObject({ code });
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('files that are absent, no Parquet, or cut off', async () => {
    await using folder = await temporaryFolder();
    await expect(readTable(folder.join('no.parquet'))).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' });
    await writeFile(folder.join('text.parquet'), 'filename,x\na,1\n');
    await expect(readTable(folder.join('text.parquet'))).rejects.toMatchObject({
      code: 'TABLE_UNREADABLE',
      fields: { table: folder.join('text.parquet') },
    });
    await writeTable(folder.join('cut.parquet'), sample);
    await truncate(folder.join('cut.parquet'), 200);
    await expect(readTable(folder.join('cut.parquet'))).rejects.toMatchObject({ code: 'TABLE_UNREADABLE' });
  });

  it('places that cannot be written, keeping what was there', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('file'), 'x');
    await expect(writeTable(folder.join('file', 't.parquet'), sample)).rejects.toMatchObject({
      code: 'TABLE_UNWRITABLE',
    });
    await mkdir(folder.join('t.parquet'));
    await expect(writeTable(folder.join('t.parquet'), sample)).rejects.toMatchObject({ code: 'TABLE_UNWRITABLE' });
    expect(await readFile(folder.join('file'), 'utf8')).toBe('x');
    expect((await readdir(folder.path)).sort()).toEqual(['file', 't.parquet']);
  });
});
