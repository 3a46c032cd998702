import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeJoin, joinTable, namesNone } from './join-table.ts';
import { readSitesOfClips } from './sites-of-clips.ts';

const table = (...names: string[]) => new Map(names.map((name) => [name, name]));

describe('joinTable', () => {
  it.each([
    ['the same name', ['a/x.mp4'], ['a/x.mp4'], ['a/x.mp4']],
    ['base names in the table', ['a/x.mp4', 'b/y.mp4'], ['x.mp4', 'y.mp4'], ['x.mp4', 'y.mp4']],
    ['base names of the clips', ['x.mp4', 'y.mp4'], ['a/x.mp4', 'b/y.mp4'], ['a/x.mp4', 'b/y.mp4']],
    [
      'two clips of one base name',
      ['a/x.mp4', 'b/x.mp4', 'y.mp4'],
      ['x.mp4', 'y.mp4'],
      [undefined, undefined, 'y.mp4'],
    ],
    ['two rows of one base name', ['x.mp4', 'y.mp4'], ['a/x.mp4', 'b/x.mp4', 'y.mp4'], [undefined, 'y.mp4']],
    ['the whole name before the base name', ['a/x.mp4', 'b/x.mp4'], ['a/x.mp4', 'x.mp4'], ['a/x.mp4', undefined]],
    ['two paths that differ', ['a/x.mp4', 'y.mp4'], ['b/x.mp4', 'y.mp4'], [undefined, 'y.mp4']],
    ['composed and decomposed Unicode', ['tai\u0308/e\u0301.mp4'], ['ta\u00ef/\u00e9.mp4'], ['ta\u00ef/\u00e9.mp4']],
    ['names of what objects have', ['constructor', '__proto__'], ['__proto__'], [undefined, '__proto__']],
  ])('%s', (_, clips, rows, found) => {
    expect(joinTable(clips, table(...rows)).rows).toEqual(found);
  });

  it('counts each clip and each row once: found, or said to be without the other', () => {
    const name = fc.constantFrom('a/x', 'b/x', 'x', 'y', 'a/y', 'c/d/z', 'z', 'e\u0301', '\u00e9', 'toString');
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.uniqueArray(name), (clips, names) => {
        const rows = table(...names.map((text) => text.normalize('NFC')));
        const join = joinTable(clips, rows);
        const found = join.rows.filter((row) => row !== undefined);
        expect(found.length + join.without.length).toBe(clips.length);
        expect(new Set([...found, ...join.unknown, ...join.ambiguous.filter((text) => rows.has(text))]).size).toBe(
          new Set([...found, ...join.unknown, ...join.ambiguous]).size -
            join.ambiguous.filter((t) => !rows.has(t)).length,
        );
        for (const row of rows.keys()) {
          const fits = join.ambiguous.some((text) => row === text || row.endsWith(`/${text}`));
          expect(found.includes(row) || join.unknown.includes(row) || fits).toBe(true);
        }
        expect(namesNone(join, 't') === undefined).toBe(clips.length === 0 || found.length > 0);
      }),
    );
  });

  it('says what does not belong together, and why a table names nothing', () => {
    expect(describeJoin(joinTable(['a', 'b', 'c'], table('a', 'x')), 's.csv')).toEqual([
      's.csv lacks 2 of 3 clips: b, c',
      's.csv has 1 row of no clip here: x',
    ]);
    expect(describeJoin(joinTable(['a'], table('a')), 's.csv')).toEqual([]);
    expect(namesNone(joinTable(['clip_1.mp4'], table('CLIP_1.mp4')), 's.csv')).toEqual({
      rule: 's.csv names none of the 1 clips, for example not clip_1.mp4; it names, for example, CLIP_1.mp4',
      hint: 'capitals count: CLIP_1.mp4 is not clip_1.mp4',
    });
    expect(namesNone(joinTable(['a/x', 'b/x'], table('x')), 's.csv')?.hint).toMatch(/same base name.*paths/);
  });
});

describe('readSitesOfClips', () => {
  it('gives sites by the clips own names, and refuses the sites of other clips', async () => {
    await using folder = await temporaryFolder();
    const file = folder.join('s.csv');
    await writeFile(file, 'filename,site\nx.mp4,hill\ny.mp4,N/A\n');
    const { sites, unmatched } = await readSitesOfClips(['a/x.mp4', 'b/y.mp4', 'c/z.mp4'], file);
    expect([...sites]).toEqual([
      ['a/x.mp4', { site: 'hill' }],
      ['b/y.mp4', {}],
    ]);
    expect(unmatched).toEqual([`${file} lacks 1 of 3 clips: c/z.mp4`]);
    await expect(readSitesOfClips(['q.mp4'], file)).rejects.toMatchObject({ code: 'DATASET_UNMATCHED' });
    await writeFile(file, 'filename,captured_at\nx.mp4,2020-01-01\n');
    await expect(readSitesOfClips(['x.mp4'], file)).rejects.toMatchObject({ code: 'CSV_HEADER' });
  });
});
