import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { camtrapFaults, readTextTable, sharedData, temporaryFolder } from '@primatrix/testkit';
import { competitionClasses } from '@primatrix/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeZone } from '../capture-time/time-zone.ts';
import { findSettings, type ClipRecord } from '../clip-record.ts';
import { builtInTaxa } from '../taxa.ts';
import { filenameOf } from './camtrap-dp.ts';
import { labelsFromPackage } from './package-labels.ts';
import { readCamtrapPackage } from './read-package.ts';
import { writeCamtrapPackage, type WriteCamtrapOptions } from './write-package.ts';

const schemas = sharedData('camtrap-dp');
const clips = sharedData('clips');
const ok = { status: 'ok', fault: null, reason: '', framesDecoded: 10, framesExpected: 10 } as const;
const media = {
  kind: 'video',
  fps: 24,
  frames: 360,
  durationSeconds: 15,
  width: 720,
  height: 404,
  time: null,
} as const;
const record = (rest: Partial<ClipRecord>): ClipRecord => ({
  filename: 'a.mp4',
  outcome: ok,
  probabilities: [1, 0],
  media,
  site: 's',
  coordinates: null,
  time: null,
  ...rest,
});
const settings: WriteCamtrapOptions = {
  taxa: builtInTaxa,
  threshold: 0.5,
  classifiedBy: 'Primatrix 1',
  created: '2026-01-02T03:04:05Z',
  software: { title: 'Primatrix', version: '1' },
  caveats: [],
};

/** Rows as objects, by plain CSV rules. */
async function rowsOf(folder: string, table: string): Promise<Record<string, string>[]> {
  const { header, rows } = await readTextTable(join(folder, `${table}.csv`));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

describe.skipIf(schemas === undefined)('a package of predictions', () => {
  it.skipIf(clips === undefined)('of the 14 real clips is valid, and states what is known of each', async () => {
    await using folder = await temporaryFolder();
    const filenames = (await readdir(clips as string)).sort();
    const found = await findSettings(filenames, {
      pathOf: (name) => join(clips as string, name),
      signal: new AbortController().signal,
    });
    const records = filenames.map((filename, i): ClipRecord => ({
      filename,
      outcome: ok,
      probabilities: competitionClasses.map((_, c) => (c === i ? 0.9 : 0.01)),
      ...(found[i] as (typeof found)[number]),
    }));
    await writeCamtrapPackage(folder.path, records, competitionClasses, settings);
    expect(await camtrapFaults(folder.path, schemas as string)).toEqual([]);
    const rows = await rowsOf(folder.path, 'media');
    expect(rows.map((row) => row['filePath'])).toEqual(expect.arrayContaining(filenames));
    expect(rows.find((row) => row['filePath']?.startsWith('salonga'))).toMatchObject({
      timestamp: '2017-11-24T00:00:00Z',
      fileMediatype: 'video/x-msvideo',
      mediaComments: 'capture time from file name; only the day is known; zone unknown, written as if UTC',
    });
    const { clips: read } = labelsFromPackage(await readCamtrapPackage(folder.path));
    expect(read.filter(({ time }) => time !== null)).toHaveLength(7);
  });

  it('has segments, types, taxa and probabilities as the standard wants them', async () => {
    await using folder = await temporaryFolder();
    const classes = ['blank', 'human', 'duiker', 'new species'];
    const time = { local: '2020-03-01T22:00:00', zone: null, dayOnly: false, source: 'table' } as const;
    const of = (filename: string, probabilities: number[] | null, rest: Partial<ClipRecord> = {}) =>
      record({ filename, probabilities, time, ...rest });
    const failed = {
      status: 'failed',
      fault: 'truncated',
      reason: "video: 'd.mp4' ends early",
      framesDecoded: 0,
      framesExpected: null,
    } as const;
    const warnings = await writeCamtrapPackage(
      folder.path,
      [
        of('blank.mp4', [0.9, 0.6, 0, 0]),
        of('both.mp4', [0.6, 0.7, 0.8, 0.51]),
        of('doubtful.mp4', [0.2, 0.3, 0.4, 0.1]),
        of('failed.mp4', null, { outcome: failed, media: null }),
      ],
      classes,
      { ...settings, timeZone: parseTimeZone('Africa/Kinshasa'), classifiedAt: '2026-01-01T00:00:00Z' },
    );
    expect(await camtrapFaults(folder.path, schemas as string)).toEqual([]);
    const rows = await rowsOf(folder.path, 'observations');
    const media = await rowsOf(folder.path, 'media');
    const nameOf = (row: Record<string, string>) =>
      media.find(({ mediaID }) => mediaID === row['mediaID'])?.['filePath'];
    expect(
      rows.map((row) => [
        nameOf(row),
        row['observationType'],
        row['scientificName'],
        row['classificationProbability'],
        row['observationTags'],
      ]),
    ).toEqual([
      ['blank.mp4', 'blank', '', '0.9', 'class:blank'],
      ['both.mp4', 'animal', 'Cephalophini', '0.8', 'class:duiker'],
      ['both.mp4', 'human', 'Homo sapiens', '0.7', 'class:human'],
      ['both.mp4', 'animal', '', '0.51', 'class:new species'],
      ['doubtful.mp4', 'unknown', '', '0.4', ''],
      ['failed.mp4', 'unclassified', '', '', ''],
    ]);
    expect(rows[0]).toMatchObject({
      eventStart: '2020-03-01T22:00:00+01:00',
      eventEnd: '2020-03-01T22:00:15+01:00',
      classificationMethod: 'machine',
      classifiedBy: 'Primatrix 1',
      observationLevel: 'media',
    });
    expect(rows[5]).toMatchObject({
      classificationMethod: '',
      observationComments: 'video: ’d.mp4’ ends early [truncated]',
    });
    expect(media[3]?.['mediaComments']).toContain('failed: video: ’d.mp4’ ends early [truncated]');
    expect(warnings.join('\n')).toMatch(/no scientific name is known for: new species/);
  });

  it('has what people decided in place of predictions, one observation a species, and import reads the same labels', async () => {
    await using folder = await temporaryFolder();
    const classes = ['blank', 'human', 'duiker'];
    const of = (filename: string, species: string[], rest: Partial<ClipRecord> = {}) =>
      record({
        filename,
        probabilities: [0.1, 0.1, 0.9],
        review: { species, by: 'J. Doe', at: '2026-02-03T04:05:06.789Z' },
        ...rest,
      });
    const failed = {
      status: 'failed',
      fault: 'truncated',
      reason: 'ends early',
      framesDecoded: 0,
      framesExpected: null,
    } as const;
    await writeCamtrapPackage(
      folder.path,
      [
        of('two.mp4', ['human', 'okapi']),
        of('blank.mp4', ['blank']),
        of('unsure.mp4', [], { review: { species: [], by: null, at: null } }),
        of('failed.mp4', ['duiker'], { probabilities: null, outcome: failed, media: null }),
        record({ filename: 'machine.mp4', probabilities: [0.1, 0.1, 0.9] }),
      ],
      classes,
      settings,
    );
    expect(await camtrapFaults(folder.path, schemas as string)).toEqual([]);
    const rows = await rowsOf(folder.path, 'observations');
    expect(
      rows.map((row) => [
        row['observationType'],
        row['scientificName'],
        row['classificationMethod'],
        row['classifiedBy'],
        row['classificationProbability'],
        row['observationTags'],
      ]),
    ).toEqual([
      ['human', 'Homo sapiens', 'human', 'J. Doe', '', 'class:human'],
      ['animal', '', 'human', 'J. Doe', '', 'class:okapi'],
      ['blank', '', 'human', 'J. Doe', '', 'class:blank'],
      ['unknown', '', 'human', '', '', ''],
      ['animal', 'Cephalophini', 'human', 'J. Doe', '', 'class:duiker'],
      ['animal', 'Cephalophini', 'machine', 'Primatrix 1', '0.9', 'class:duiker'],
    ]);
    expect(rows.map((row) => row['classificationTimestamp'])).toEqual([
      '2026-02-03T04:05:06Z',
      '2026-02-03T04:05:06Z',
      '2026-02-03T04:05:06Z',
      '',
      '2026-02-03T04:05:06Z',
      '',
    ]);
    expect(
      labelsFromPackage(await readCamtrapPackage(folder.path)).clips.map(({ filename, classes: labels }) => [
        filename,
        labels,
      ]),
    ).toEqual([
      ['two.mp4', ['human', 'okapi']],
      ['blank.mp4', ['blank']],
      ['unsure.mp4', []],
      ['failed.mp4', ['duiker']],
      ['machine.mp4', []],
    ]);
  });

  it('says where a location or a time is not known, and does not mix such clips with others', async () => {
    await using folder = await temporaryFolder();
    const time = { local: '2020-03-01T22:00:00', zone: 'Z', dayOnly: false, source: 'container' } as const;
    await writeCamtrapPackage(
      folder.path,
      [
        record({ filename: 'a.mp4', time, coordinates: { latitude: -1.5, longitude: 30.25 } }),
        record({ filename: 'b.mp4' }),
      ],
      ['blank', 'hog'],
      settings,
    );
    const deployments = await rowsOf(folder.path, 'deployments');
    expect(deployments).toHaveLength(2);
    expect(deployments[0]).toMatchObject({
      locationName: 's',
      latitude: '-1.5',
      longitude: '30.25',
      coordinateUncertainty: '',
      timestampIssues: 'false',
      deploymentStart: '2020-03-01T22:00:00Z',
      deploymentEnd: '2020-03-01T22:00:15Z',
    });
    expect(deployments[1]).toMatchObject({
      latitude: '0',
      longitude: '0',
      coordinateUncertainty: '20037508',
      timestampIssues: 'true',
    });
    expect(labelsFromPackage(await readCamtrapPackage(folder.path)).clips).toEqual([
      expect.objectContaining({
        filename: 'a.mp4',
        time: { ...time, source: 'package' },
        coordinates: { latitude: -1.5, longitude: 30.25 },
      }),
      expect.objectContaining({ filename: 'b.mp4', time: null, coordinates: null }),
    ]);
  });

  it('keeps what people say of it, and what must be said', async () => {
    await using folder = await temporaryFolder();
    const warnings = await writeCamtrapPackage(folder.path, [record({})], ['blank', 'hog'], {
      ...settings,
      caveats: ['vgg16: UNTRAINED'],
      properties: {
        title: 'T',
        description: 'D',
        contributors: [{ title: 'N. N.' }],
        project: { title: 'P', samplingDesign: 'targeted', captureMethod: ['timeLapse'] },
      },
    });
    const descriptor = JSON.parse(await readFile(folder.join('datapackage.json'), 'utf8')) as object;
    expect(descriptor).toMatchObject({
      title: 'T',
      description: 'D\n\nvgg16: UNTRAINED',
      contributors: [{ title: 'N. N.' }],
      project: { title: 'P', samplingDesign: 'targeted', captureMethod: ['timeLapse'], individualAnimals: false },
    });
    expect(await camtrapFaults(folder.path, schemas as string)).toEqual([]);
    expect(warnings.join('\n')).not.toMatch(/does not say/);
  });

  it('is valid whatever clips, sites and classes are called, and every name is found again', async () => {
    await using folder = await temporaryFolder();
    const odd = fc.oneof(
      fc.constantFrom(
        'a,b',
        'say "x"',
        'two\nlines',
        '..mp4',
        'a..b',
        '.hidden',
        '~x',
        'NA',
        'nan',
        '100%',
        '%41',
        'constructor',
        '__proto__',
        ' x ',
        "l'eau",
        'Taï',
        '森林',
        '🐗.mp4',
        'x;y',
        'a\tb',
        'a|b',
        '=1+1',
        '\u2028',
      ),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    );
    const filename = fc
      .array(
        odd.map((part) => part.replaceAll(/[/\\\0]/g, '_')).filter((part) => part !== '.' && part !== '..'),
        { minLength: 1, maxLength: 3 },
      )
      .map((parts) => parts.join('/').normalize('NFC'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(filename, { minLength: 1, maxLength: 5 }),
        odd,
        odd,
        async (filenames, site, className) => {
          const records = filenames.map((name, i) =>
            record({
              filename: name,
              site,
              probabilities: i % 2 === 0 ? [0.7, 0.1] : null,
              outcome: i % 2 === 0 ? ok : { ...ok, status: 'failed', fault: 'damaged', reason: name },
            }),
          );
          await writeCamtrapPackage(folder.path, records, [className, 'other'], settings);
          expect(await camtrapFaults(folder.path, schemas as string)).toEqual([]);
          expect((await rowsOf(folder.path, 'media')).map((row) => filenameOf(row['filePath'] ?? ''))).toEqual(
            filenames,
          );
          const tagged = (await readCamtrapPackage(folder.path)).tables.observations.rows.filter(
            (row) => row.get('observationTags') !== '',
          );
          expect(tagged.length).toBe(Math.ceil(filenames.length / 2));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('a package that is not whole', () => {
  it.each([
    ['media', /^mediaID/, 'medium', /there must be a column "mediaID"/],
    ['observations', /,media,blank/, ',,blank', /observationLevel.*requires a value/],
    ['observations', /-1,[0-9a-f]+,/, '-1,nowhere,', /deploymentID.*nowhere.*there is no such row/],
    ['media', /1970-01-01T00:00:00Z/, 'yesterday', /timestamp.*yesterday.*must be a time/],
    ['media', /a\.mp4/, '../a.mp4', /filePath.*relative path/],
  ])('%s: is refused with line and reason', async (table, find, put, says) => {
    await using folder = await temporaryFolder();
    await writeCamtrapPackage(folder.path, [record({})], ['blank', 'hog'], settings);
    const file = folder.join(`${table}.csv`);
    await writeFile(file, (await readFile(file, 'utf8')).replace(find, put));
    await expect((async () => labelsFromPackage(await readCamtrapPackage(folder.path)))()).rejects.toThrow(says);
  });

  it.each([
    ['{', /no descriptor/],
    ['{"profile": "tabular-data-package", "resources": []}', /must be Camtrap DP 1\.x/],
    ['{"profile": "https://x/camtrap-dp/0.6/camtrap-dp-profile.json", "resources": []}', /must be Camtrap DP 1\.x/],
    [
      '{"profile": "https://x/camtrap-dp/1.0/p.json", "resources": [{"name": "deployments", "path": ' +
        '"../../etc/passwd"}]}',
      /must have the path of a CSV file in the package/,
    ],
  ])('the descriptor %s is refused', async (text, says) => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('datapackage.json'), text);
    await expect(readCamtrapPackage(folder.path)).rejects.toThrow(says);
  });
});
