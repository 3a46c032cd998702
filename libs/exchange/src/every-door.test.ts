import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { isInside, isMissing, readLabels, readOrigins, readPredictions } from '@primatrix/dataset';
import { temporaryFolder } from '@primatrix/testkit';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { labelsFromPackage } from './camtrap-dp/package-labels.ts';
import { readCamtrapPackage } from './camtrap-dp/read-package.ts';
import { readClipOrigins } from './clip-origins.ts';
import { readClipReviews } from './clip-review.ts';
import { readTaxa } from './taxa.ts';
import { readZambaLabels } from './zamba-labels.ts';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** Cells as people and programs write them, right and wrong. */
const cell = fc.oneof(
  fc.constantFrom(
    'a.mp4',
    'x/a.mp4',
    './b.mp4',
    'C:\\x\\a.mp4',
    '\\\\nas\\a.mp4',
    '/a.mp4',
    '../a.mp4',
    's3://b/a.mp4',
  ),
  fc.constantFrom('', 'NA', 'n/a', 'NaN', 'NULL', 'None', '-', '#N/A', ' '),
  fc.constantFrom('0', '1', '0.5', '1.0', '0,5', '-3', '91', '1e9', 'Infinity', '0x10'),
  fc.constantFrom(
    'hog',
    'Hog',
    'hog ',
    'blank',
    'Empty',
    'hog|blank',
    'status',
    'constructor',
    '__proto__',
    'toString',
  ),
  fc.constantFrom(
    'le\u0301o',
    'l\u00e9o',
    'human',
    'animal',
    'accepted',
    'unsure',
    'ok',
    'failed',
    'class:hog|class:bird',
  ),
  fc.constantFrom(
    '2020-01-01',
    '2020-02-30',
    '2020-01-01 10:00:00',
    '2020-01-01T10:00:00Z',
    '2020-01-01T10:00:00+99:99',
  ),
  fc.constantFrom('01/02/2020', '2020-01-01T10:00:00-0330', '2020-01-01T24:00:00Z', 'Fri Mar 01 2024 10:00:00'),
  fc.string({ unit: 'grapheme', maxLength: 4 }).filter((text) => !/[\r\n]/.test(text)),
);

/** A table of these columns, or of some others. */
const tableOf = (columns: readonly string[], likely: readonly string[] = ['']) =>
  fc
    .record({
      header: fc.oneof(
        { weight: 9, arbitrary: fc.constant([...columns]) },
        fc.array(cell, { minLength: 1, maxLength: 4 }),
      ),
      rows: fc.array(
        fc.tuple(...columns.map((_, i) => (i === 0 ? cell : fc.oneof(fc.constantFrom(...likely), cell)))),
        { maxLength: 3 },
      ),
      separator: fc.constantFrom(',', ';', '\t'),
      above: fc.constantFrom('', '\uFEFF', 'sep=;\r\n'),
    })
    .map(({ header, rows, separator, above }) => {
      const mark = above.startsWith('sep') ? ';' : separator;
      const line = (cells: readonly string[]) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(mark);
      return above + [header, ...rows].map(line).join('\n');
    });

/**
 * What is found by any of the readers has to be so: names inside, no word for "not known", composed Unicode, times that
 * are.
 */
function checkFound(names: Iterable<string>, texts: Iterable<string | null | undefined>): void {
  for (const name of names) expect([name, isInside(name), name.normalize('NFC') === name]).toEqual([name, true, true]);
  for (const text of texts) {
    if (text != null) expect([text, isMissing(text), text.normalize('NFC') === text]).toEqual([text, false, true]);
  }
}

const doors: Readonly<
  Record<string, { columns: string[]; likely?: string[]; read: (file: string) => Promise<unknown> }>
> = {
  labels: {
    columns: ['filename', 'hog', 'blank'],
    likely: ['0', '1'],
    async read(file) {
      const found = await readLabels(file);
      checkFound(found.filenames, found.classes);
      return found;
    },
  },
  predictions: {
    columns: ['filename', 'status', 'hog'],
    async read(file) {
      const found = await readPredictions(file);
      checkFound(found.filenames, []);
      return found;
    },
  },
  sites: {
    columns: ['filename', 'site', 'captured_at'],
    async read(file) {
      const { byFilename } = await readOrigins(file);
      checkFound(
        byFilename.keys(),
        [...byFilename.values()].map(({ site }) => site),
      );
      return byFilename;
    },
  },
  origins: {
    columns: ['filename', 'site', 'captured_at', 'latitude', 'longitude'],
    async read(file) {
      const found = await readClipOrigins(file);
      checkFound(
        found.keys(),
        [...found.values()].map(({ site }) => site),
      );
      return found;
    },
  },
  reviews: {
    columns: ['filename', 'decision', 'species', 'reviewed_at'],
    async read(file) {
      const found = await readClipReviews(file);
      checkFound(
        found.keys(),
        [...found.values()].flatMap(({ species }) => species),
      );
      return found;
    },
  },
  zamba: {
    columns: ['filepath', 'label', 'site'],
    async read(file) {
      const found = await readZambaLabels(file);
      checkFound(
        found.keys(),
        [...found.values()].flatMap(({ classes, site }) => [...classes, site]),
      );
      return found;
    },
  },
  taxa: {
    columns: ['class', 'scientific_name', 'taxon_rank', 'observation_type'],
    async read(file) {
      const taxa = await readTaxa(file);
      return ['hog', 'constructor', '__proto__', 'l\u00e9o'].map((name) => taxa.of(name));
    },
  },
};

describe('every door refuses with file and advice, or takes what it says, on machines of all zones', () => {
  it.each(Object.entries(doors))('%s', async (name, { columns, likely, read }) => {
    await using folder = await temporaryFolder();
    const file = folder.join(`${name}.csv`);
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(tableOf(columns, likely), async (text) => {
        await writeFile(file, text);
        const ends: unknown[] = [];
        for (const machine of ['UTC', 'Pacific/Kiritimati']) {
          process.env['TZ'] = machine;
          ends.push(
            await read(file).catch((error: unknown) => {
              if (!(error instanceof UsageError)) throw error;
              expect(error.message).toContain(`${name}.csv`);
              expect(error.hint).toBeTruthy();
              return error.message;
            }),
          );
        }
        expect(ends[1]).toEqual(ends[0]);
        taken += typeof ends[0] === 'string' ? 0 : 1;
      }),
      { numRuns: 200 },
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('data packages', async () => {
    await using folder = await temporaryFolder();
    await mkdir(folder.join('pkg'));
    const tables = ['deployments', 'media', 'observations'];
    await writeFile(
      folder.join('pkg/datapackage.json'),
      JSON.stringify({
        profile: 'https://example.org/camtrap-dp/1.0.1/camtrap-dp-profile.json',
        resources: tables.map((name) => ({ name, path: `${name}.csv` })),
      }),
    );
    await writeFile(folder.join('pkg/deployments.csv'), 'deploymentID,locationName,latitude,longitude\nd1,Ridge,1,2\n');
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const usual = <T>(value: T, other: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, other);
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(usual('2020-01-01T10:00:00Z', cell), usual('a.mp4', cell)),
        fc.array(fc.tuple(usual('animal', cell), cell, usual('2020-01-01T10:00:00+00:00', cell)), { maxLength: 3 }),
        async ([timestamp, path], observations) => {
          await writeFile(
            folder.join('pkg/media.csv'),
            `mediaID,deploymentID,timestamp,filePath\nm1,d1,${quoted(timestamp)},${quoted(path)}\n`,
          );
          const rows = observations.map(
            ([type, name, at], i) =>
              `o${i},d1,${i % 2 === 0 ? 'm1' : ''},${quoted(at)},${quoted(at)},media,${quoted(type)},${quoted(name)}`,
          );
          await writeFile(
            folder.join('pkg/observations.csv'),
            `observationID,deploymentID,mediaID,eventStart,eventEnd,observationLevel,observationType,scientificName\n${rows.join('\n')}\n`,
          );
          const ends: unknown[] = [];
          for (const machine of ['UTC', 'America/St_Johns']) {
            process.env['TZ'] = machine;
            ends.push(
              await readCamtrapPackage(join(folder.path, 'pkg'))
                .then(
                  (read) => {
                    const { clips } = labelsFromPackage(read);
                    checkFound(
                      clips.map(({ filename }) => filename),
                      clips.flatMap(({ classes, site }) => [...classes, site]),
                    );
                    return clips;
                  },
                  (error: unknown) => error,
                )
                .catch((error: unknown) => error),
            );
          }
          for (const end of ends) {
            if (!Array.isArray(end) && !(end instanceof UsageError)) throw end;
          }
          expect(String(ends[1])).toBe(String(ends[0]));
        },
      ),
      { numRuns: 150 },
    );
  });
});
