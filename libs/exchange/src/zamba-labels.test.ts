import { mkdir, writeFile } from 'node:fs/promises';
import { UsageError } from '@primatrix/contracts';
import { isMissing, openDataset, readOrigins } from '@primatrix/dataset';
import { temporaryFolder } from '@primatrix/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeDatasetTables } from './imported-labels.ts';
import { readZambaLabels } from './zamba-labels.ts';

async function labelsOf(text: string, clips?: string) {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('labels.csv'), text);
  return await readZambaLabels(folder.join('labels.csv'), clips);
}

describe("zamba's labels", () => {
  it('are read with sites and several labels a clip; absolute paths become names below the clips folder', async () => {
    const labels = await labelsOf(
      'filepath,label,site\n/data/clips/a/1.mp4,duiker,s1\n./a/2.mp4,blank,\n/data/clips/a/1.mp4,hog,s1\n',
      '/data/clips',
    );
    expect([...labels]).toEqual([
      ['a/1.mp4', { classes: ['duiker', 'hog'], site: 's1' }],
      ['a/2.mp4', { classes: ['blank'], site: null }],
    ]);
  });

  it.each([
    ['name,label\na,b\n', /labels\.csv: there must be columns "filepath" and "label"/],
    ['filepath,label\n', /at least one row/],
    ['filepath,label\na.mp4,\n', /labels\.csv:2, column "label"/],
    ['filepath,label\n../a.mp4,hog\n', /labels\.csv:2, column "filepath".*inside the clips folder/],
    ['filepath,label\n/data/a.mp4,hog\n', /labels\.csv:2, column "filepath"/],
    ['filepath,label,site\na.mp4,hog,s1\na.mp4,bird,s2\n', /labels\.csv:3, column "site".*"s1" in an earlier line/],
    ['filepath,label\na.mp4,hog\na.mp4,blank\n', /labels\.csv:3, column "label".*hog since line 2.*blank clip/],
    ['filepath,label\na.mp4,empty\na.mp4,hog\n', /labels\.csv:3, column "label".*empty since line 2/],
    ['filepath,label\na.mp4,Duiker\nb.mp4,duiker\n', /labels\.csv:3, column "label".*"Duiker" in line 2 by case/],
    ['filepath,label\na.mp4,filename\n', /labels\.csv:2, column "label".*may not have this name/],
    ['filepath,label\na.mp4,NA\n', /labels\.csv:2, column "label", value "NA": there must be a label/],
    ['filepath,label\nC:\\data\\a.mp4,hog\n', /labels\.csv:2, column "filepath".*inside the clips folder/],
    ['filepath,label\n\\\\nas\\data\\a.mp4,hog\n', /labels\.csv:2, column "filepath".*inside the clips folder/],
  ])('%j is refused with line and reason', async (text, says) => expect(labelsOf(text)).rejects.toThrow(says));
});

it('reads sites of which nothing is known alike, and one class however its accents are written', async () => {
  const labels = await labelsOf('filepath,label,site\na.mp4,l\u00e9opard,N/A\na.mp4,le\u0301opard ,-\n');
  expect([...labels]).toEqual([['a.mp4', { classes: ['l\u00e9opard'], site: null }]]);
});

it('what import takes, train takes: every table is refused at once, or comes back as it was', async () => {
  await using folder = await temporaryFolder();
  await mkdir(folder.join('clips'));
  const word = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom('duiker', 'Duiker', 'blank', 'hog', 'l\u00e9o', 'le\u0301o', 'constructor'),
    },
    fc.constantFrom('__proto__', 'filename', 'status', 'fold', 'NA', 'none', 'empty', ' hog', 'a,b', '"', 'x;y', '-'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }).filter((text) => !/[\r\n]/.test(text)),
  );
  const file = fc.constantFrom(
    'a.mp4',
    'x/a.mp4',
    './b.mp4',
    'C:\\x\\a.mp4',
    '/etc/a.mp4',
    'tai\u0308.mp4',
    'ta\u00ef.mp4',
  );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(file, word, word), { minLength: 1, maxLength: 4 }), async (rows) => {
      const lines = rows.map((cells) => `${cells.map(quoted).join(',')}\n`);
      await writeFile(folder.join('labels.csv'), `filepath,label,site\n${lines.join('')}`);
      const labels = await readZambaLabels(folder.join('labels.csv')).catch((error: unknown) => {
        expect(error).toBeInstanceOf(UsageError);
      });
      if (labels === undefined) return;
      taken++;
      const clips = [...labels].map(([filename, { classes, site }]) => ({
        filename,
        classes,
        site,
        coordinates: null,
        time: null,
      }));
      await writeDatasetTables(folder.path, clips);
      const dataset = await openDataset(folder.path);
      const shown = (clip: (typeof dataset.clips)[number]) => dataset.classes.filter((_, c) => clip.labels?.[c] === 1);
      expect(dataset.clips.map((clip) => [clip.filename, shown(clip), clip.site ?? null]).sort()).toEqual(
        clips.map(({ filename, classes, site }) => [filename, [...classes].sort(), site]).sort(),
      );
    }),
    { numRuns: 150 },
  );
  expect(taken).toBeGreaterThan(10);
});

describe('writeDatasetTables', () => {
  it('writes tables that a dataset reads back, whatever clips, classes and sites are called', async () => {
    await using folder = await temporaryFolder();
    await mkdir(folder.join('clips'));
    const word = fc
      .oneof(
        fc.constantFrom('a,b', 'say "x"', 'x;y', 'Taï', '森林', '=1', "l'eau", 'two\nlines'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
      )
      .map((text) =>
        text
          .replaceAll(/[/\\\0]/g, '_')
          .normalize('NFC')
          .trim(),
      )
      .filter((text) => !['', '.', '..'].includes(text) && !isMissing(text) && !text.startsWith('\uFEFF'));
    const taken = ['filename', 'fold', 'status', 'fault', 'reason', 'frames_decoded', 'frames_expected'];
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
        word.filter((name) => !taken.includes(name.toLowerCase()) && !/\p{Cc}/u.test(name)),
        word,
        async (names, className, site) => {
          const clips = names.map((filename) => ({
            filename,
            classes: [className],
            site,
            coordinates: null,
            time: { local: '2020-01-02T03:04:05', zone: '+02:00', dayOnly: false, source: 'container' } as const,
          }));
          await writeDatasetTables(folder.path, clips);
          const dataset = await openDataset(folder.path);
          expect(dataset.classes).toEqual([className]);
          expect(dataset.clips.map((clip) => [clip.filename, clip.site, clip.capturedAt?.toISOString()])).toEqual(
            [...names].sort().map((name) => [name, site, '2020-01-02T01:04:05.000Z']),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('leaves out what is not known, and refuses labels that label nothing', async () => {
    await using folder = await temporaryFolder();
    const bare = { site: null, coordinates: null, time: null };
    await writeDatasetTables(folder.path, [
      { filename: 'a.mp4', classes: ['hog'], ...bare },
      { filename: 'b.mp4', classes: [], ...bare },
    ]);
    expect([...(await readOrigins(folder.join('clips.csv'))).byFilename]).toEqual([
      ['a.mp4', {}],
      ['b.mp4', {}],
    ]);
    await expect(writeDatasetTables(folder.path, [{ filename: 'b.mp4', classes: [], ...bare }])).rejects.toThrow(
      /no clip has a label/,
    );
  });
});
