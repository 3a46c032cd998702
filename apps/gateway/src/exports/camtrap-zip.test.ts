import { mkdir, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { builtInTaxa } from '@primatrix/exchange';
import { camtrapFaults, sharedData, temporaryFolder } from '@primatrix/testkit';
import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { camtrapZip } from './camtrap-zip.ts';
import { clipRecords } from './clip-records.ts';
import { observationTable } from './observation-table.ts';
import { ClipTable } from '../clips/clip-table.ts';

const schemas = sharedData('camtrap-dp');
const classes = ['blank', 'leopard', 'duiker'];
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 12, framesExpected: 12 } as const;
const settings = {
  taxa: builtInTaxa,
  threshold: 0.5,
  classifiedBy: 'Primatrix 1',
  created: '2026-01-02T03:04:05Z',
  software: { title: 'Primatrix', version: '1' },
  caveats: [],
};

function rows() {
  const table = new ClipTable(classes, [], '/project/uploads');
  const add = (id: string, rest: { capturedAt?: string; coordinates?: { latitude: number; longitude: number } } = {}) =>
    table.add({ id, filename: `card/${id}.mp4`, path: `/card/${id}.mp4`, site: 'ridge', capturedAt: null, ...rest });
  const predict = (clip: string, capturedAt: string | null = null) =>
    table.predicted({
      clip,
      capturedAt,
      metadata: {
        container: 'mov,mp4',
        videoCodec: 'h264',
        width: 640,
        height: 360,
        fps: 24,
        frames: 360,
        durationSeconds: 15,
        sound: false,
      },
      prediction: { sha256: null, outcome, probabilities: [0.1, 0.8, 0.1], members: {}, padded: {} },
    });
  const review = (clip: string, ...species: string[]) =>
    table.review(clip, {
      ...{ clip, decision: 'corrected', species, at: '2026-02-03T04:05:06.700Z', by: 'J. Doe' },
      note: "it's raining,\nand dark",
      observations: [
        { species: 'okapi', count: 1, lifeStage: 'adult', sex: 'female', behaviour: 'feeding', from: 2, to: 7.5 },
        { species: 'okapi', count: 2, lifeStage: 'juvenile', note: 'one limps' },
      ],
    });
  add('table', { capturedAt: '2016-03-31T17:05:00', coordinates: { latitude: -1.5, longitude: 30.25 } });
  add('container');
  add('IMG_20190102_030405');
  add('reviewed');
  add('waiting');
  predict('table', '2016-03-31T17:05:00.000Z');
  predict('container', '2017-01-01T00:00:00+02:00');
  predict('IMG_20190102_030405');
  review('reviewed', 'duiker', 'okapi');
  return [...table.rows()];
}

const records = () => rows().flatMap(clipRecords);

async function unzipped(options: Partial<Parameters<typeof camtrapZip>[2]> = {}) {
  return unzipSync(
    await buffer(
      camtrapZip(records(), classes, {
        timeZone: 'Africa/Kinshasa',
        localClock: false,
        contributor: 'J. Doe',
        title: 'Ridge',
        settings,
        ...options,
      }),
    ),
  );
}

it.skipIf(schemas === undefined)(
  'is a valid package: what people decided, and sites, places and times as far as the project knows them',
  async () => {
    await using folder = await temporaryFolder();
    const files = await unzipped();
    expect(Object.keys(files)).toEqual(['deployments.csv', 'media.csv', 'observations.csv', 'datapackage.json']);
    await mkdir(folder.join('package'));
    for (const [name, bytes] of Object.entries(files)) await writeFile(folder.join(`package/${name}`), bytes);
    expect(await camtrapFaults(folder.join('package'), schemas as string)).toEqual([]);
    const rows = (name: string) =>
      strFromU8(files[name] as Uint8Array)
        .trim()
        .split('\n');
    const times = rows('media.csv')
      .map((row) => /card\/(\w+)\.mp4/.exec(row)?.[1] + ' ' + /\d{4}-\d\d-\d\dT[^,]*/.exec(row)?.[0])
      .slice(1);
    expect(times).toEqual([
      'table 2016-03-31T17:05:00+01:00',
      'container 2017-01-01T00:00:00+02:00',
      'IMG_20190102_030405 2019-01-02T03:04:05+01:00',
      'reviewed 1970-01-01T00:00:00Z',
    ]);
    expect(rows('deployments.csv')[1]).toContain(',ridge,-1.5,30.25,');
    const human = rows('observations.csv').filter((row) => row.includes(',human,J. Doe,2026-02-03T04:05:06Z,'));
    expect(human.map((row) => row.split(',').slice(4, 13).join())).toEqual([
      '1970-01-01T00:00:00Z,1970-01-01T00:00:00Z,media,animal,Cephalophini,,,,',
      '1970-01-01T00:00:02Z,1970-01-01T00:00:08Z,media,animal,,1,adult,female,feeding',
      '1970-01-01T00:00:00Z,1970-01-01T00:00:00Z,media,animal,,2,juvenile,,',
    ]);
    expect(human[2]).toMatch(/class:okapi,one limps$/);
    expect(rows('media.csv').at(-1)).toContain('it\u2019s raining, and dark');
    expect(rows('observations.csv').filter((row) => row.includes(',machine,'))).toHaveLength(3);
    expect(JSON.parse(strFromU8(files['datapackage.json'] as Uint8Array))).toMatchObject({
      project: { title: 'Ridge' },
      contributors: [{ title: 'J. Doe' }],
    });
  },
);

it('takes times that files claim to be UTC for local ones where the cameras write so', async () => {
  const media = strFromU8((await unzipped({ localClock: true }))['media.csv'] as Uint8Array);
  expect(media).toMatch(/container\.mp4/);
  expect(media).not.toMatch(/container[^\n]*Z/);
});

it('refuses a time zone that there is not', () => {
  expect(() =>
    camtrapZip([], classes, {
      timeZone: 'Mars/Olympus',
      localClock: false,
      contributor: undefined,
      title: 'x',
      settings,
    }),
  ).toThrow(/no time zone/);
});

it('writes the same observations as a table, people and model told apart', () => {
  const [header, ...lines] = [...observationTable(rows(), classes)].map((line) => line.trim());
  expect(header).toMatch(/^filename,site,captured_at,species,scientific_name,count,life_stage,sex,behaviour,/);
  expect(lines.filter((line) => line.includes(',machine,0.8,'))).toHaveLength(3);
  expect(lines.filter((line) => line.includes(',human,,J. Doe,2026-02-03T04:05:06.700Z,'))).toEqual([
    expect.stringContaining(',duiker,'),
    expect.stringContaining(',1,adult,female,feeding,2,7.5,,human'),
    expect.stringContaining(',2,juvenile,,,,,one limps,human'),
  ]);
});
