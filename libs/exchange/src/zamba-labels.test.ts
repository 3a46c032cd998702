import { mkdir, writeFile } from 'node:fs/promises';
import { openDataset, readOrigins } from '@primatrix/dataset';
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
  ])('%j is refused with line and reason', async (text, says) => expect(labelsOf(text)).rejects.toThrow(says));
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
      .filter((text) => !['', '.', '..'].includes(text) && !text.startsWith('\uFEFF'));
    const taken = ['filename', 'fold', 'status', 'fault', 'reason', 'frames_decoded', 'frames_expected'];
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
        word.filter((name) => !taken.includes(name.toLowerCase())),
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
