import { execFile } from 'node:child_process';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@primatrix/testkit';
import { afterEach, expect, it } from 'vitest';
import { builtInTaxa, readTaxa } from '../taxa.ts';
import { labelsFromPackage } from './package-labels.ts';
import { readCamtrapPackage } from './read-package.ts';

async function labelsOf(
  tables: { media: string; observations: string },
  taxa?: typeof builtInTaxa,
  change: (folder: string) => Promise<void> = async () => {},
) {
  await using folder = await temporaryFolder();
  const resources = ['deployments', 'media', 'observations'].map((name) => ({ name, path: `${name}.csv` }));
  await writeFile(
    folder.join('datapackage.json'),
    JSON.stringify({ profile: 'https://example.org/camtrap-dp/1.0.1/camtrap-dp-profile.json', resources }),
  );
  await writeFile(
    folder.join('deployments.csv'),
    'deploymentID,locationID,locationName,latitude,longitude\nd1,l1,Ridge,1,2\nd2,l2,,1,2\n',
  );
  await writeFile(folder.join('media.csv'), `mediaID,deploymentID,timestamp,filePath,fileName\n${tables.media}`);
  await writeFile(
    folder.join('observations.csv'),
    `observationID,deploymentID,mediaID,eventStart,eventEnd,observationLevel,observationType,scientificName,classificationMethod\n${tables.observations}`,
  );
  await change(folder.path);
  return labelsFromPackage(await readCamtrapPackage(folder.path), taxa);
}

const at = '2020-01-01T10:00:00Z';

it('gives event-based observations to the media of their time, unless those have their own', async () => {
  const { clips } = await labelsOf({
    media: `m1,d1,2020-01-01T12:00:05+02:00,a.mp4,\nm2,d1,2020-01-01T10:00:20Z,b.mp4,\nm3,d1,2020-01-01T11:00:00Z,c.mp4,\nm4,d2,${at},d.mp4,`,
    observations: `o1,d1,,${at},2020-01-01T10:00:30Z,event,animal,Panthera leo,human\no2,d1,m2,${at},${at},media,blank,,human`,
  });
  expect(clips.map(({ filename, classes, site }) => [filename, classes, site])).toEqual([
    ['a.mp4', ['Panthera leo'], 'Ridge'],
    ['b.mp4', ['blank'], 'Ridge'],
    ['c.mp4', [], 'Ridge'],
    ['d.mp4', [], 'l2'],
  ]);
});

it('maps scientific names to classes by a table, drops blank beside an animal, and passes over machines and the unknown', async () => {
  const { clips, warnings } = await labelsOf(
    {
      media: `m1,d1,${at},a.mp4,`,
      observations: [
        'animal,Panthera leo,human',
        'blank,,',
        'animal,Pan troglodytes,machine',
        'unknown,,human',
        'animal,Equus quagga,',
      ]
        .map((rest, i) => `o${i},d1,m1,${at},${at},media,${rest}`)
        .join('\n'),
    },
    builtInTaxa,
  );
  expect(clips[0]?.classes).toEqual(['Equus quagga', 'lion']);
  expect(warnings).toEqual([
    '1 observations by machines are no labels',
    '1 observations say nothing of what was seen (unknown, unclassified, or without a name)',
    '1 media files are called blank by one observation and not by another: they count as what they show',
  ]);
});

it('tells remote media of one name apart, and refuses two rows of one local file', async () => {
  const { clips } = await labelsOf({
    media: `m1,d1,${at},https://x.org/1/file,IMG_1.JPG\nm2,d1,${at},https://x.org/2/file,IMG_1.JPG\nm3,d2,${at},https://x.org/3/file.mp4,`,
    observations: `o,d1,m1,${at},${at},media,blank,,human`,
  });
  expect(clips.map(({ filename }) => filename)).toEqual(['d1/m1-IMG_1.JPG', 'd1/m2-IMG_1.JPG', 'd2/file.mp4']);
  await expect(
    labelsOf({
      media: `m1,d1,${at},a.mp4,\nm2,d1,${at},a.mp4,`,
      observations: `o,d1,m1,${at},${at},media,blank,,human`,
    }),
  ).rejects.toThrow(/media\.csv:2.*filePath.*path of two media/);
});

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const oneClip = {
  media: `m1,d1,${at},a.mp4,`,
  observations: `o,d1,m1,${at},${at},media,animal,Panthera leo,human`,
};

it.each(['UTC', 'Europe/Brussels', 'Pacific/Kiritimati'])('gives the same labels in %s', async (machine) => {
  process.env['TZ'] = machine;
  const event = (from: string, to: string) => ({
    media: 'm1,d1,2024-01-01 12:00:00+0200,a.mp4,',
    observations: `o,d1,,${from},${to},event,animal,Panthera leo,human`,
  });
  const { clips } = await labelsOf(event('2024-01-01 09:59:00Z', '2024-01-01T04:01:00-06:00'));
  expect(clips[0]).toMatchObject({ classes: ['Panthera leo'], time: { zone: '+02:00' } });
  await expect(labelsOf(event('2024-01-01 09:59:00', '2024-01-01 10:01:00'))).rejects.toThrow(
    /observations\.csv:2, column "eventStart".*must be a time with its zone/,
  );
});

it.each([
  ['media', `m1,d1,2020-01-01T10:00:00,a.mp4,`, /media\.csv:2, column "timestamp".*with its zone/],
  ['media', `m1,d1,2020-01-01T10:00:00+99:00,a.mp4,`, /media\.csv:2, column "timestamp"/],
  ['media', `m1,d1,${at},C:\\cards\\a.mp4,`, /media\.csv:2, column "filePath"/],
  ['observations', `o,d1,m1,${at},${at},media,animal,status,human`, /observations\.csv:2, column "scientificName"/],
  [
    'observations',
    ['Vulpes vulpes', 'vulpes vulpes']
      .map((name, i) => `o${i},d1,m1,${at},${at},media,animal,${name},human`)
      .join('\n'),
    /observations\.csv:3, column "scientificName".*differs from "Vulpes vulpes" in line 2 by case/,
  ],
])('refuses in %s: %j', async (table, text, says) => {
  await expect(labelsOf({ ...oneClip, [table]: text })).rejects.toThrow(says);
});

it.each([
  ['an address of nowhere', 'media.csv', 'a.mp4', 'https://', 'filePath'],
  ['an address without sense', 'media.csv', 'a.mp4', 'http://[x/a.mp4', 'filePath'],
  ['a decimal comma', 'deployments.csv', ',1,2\n', ',"1,5",2\n', 'latitude'],
  ['a latitude beyond the pole', 'deployments.csv', ',1,2\n', ',95,2\n', 'latitude'],
])('refuses %s, and says where it stands', async (_name, file, from, to, column) => {
  const tables = { media: `m1,d1,${at},a.mp4,`, observations: `o1,d1,m1,${at},${at},media,blank,,human` };
  const change = async (folder: string) => {
    const path = join(folder, file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  };
  await expect(labelsOf(tables, undefined, change)).rejects.toMatchObject({
    code: 'EXCHANGE_VALUE',
    message: expect.stringContaining(column) as unknown,
  });
});

it('takes taxa for words alone, whatever an object would know by their names', async () => {
  const { clips } = await labelsOf({
    ...oneClip,
    observations: `o,d1,m1,${at},${at},media,animal,toString,human\np,d1,m1,${at},${at},media,animal,__proto__,`,
  });
  expect(clips[0]?.classes).toEqual(['__proto__', 'toString']);
});

it("reads the standard's words in any case: what a Machine says is no label, and a Blank is one", async () => {
  const { clips, warnings } = await labelsOf({
    ...oneClip,
    observations: `o,d1,m1,${at},${at},Media,BLANK,,Human\np,d1,m1,${at},${at},media,animal,Sus scrofa,Machine`,
  });
  expect(clips[0]?.classes).toEqual(['blank']);
  expect(warnings).toContain('1 observations by machines are no labels');
});

it.each([
  ['observationType', 'constructor,Sus scrofa,human', 'constructor'],
  ['observationType', 'leer,,human', 'leer'],
  ['classificationMethod', 'animal,Sus scrofa,AI', 'ai'],
])('%s: a word that the standard does not know is refused', async (column, cells, value) => {
  const observations = `o,d1,m1,${at},${at},media,${cells}`;
  await expect(labelsOf({ ...oneClip, observations })).rejects.toMatchObject({
    code: 'EXCHANGE_VALUE',
    message: expect.stringMatching(`observations\\.csv:2.*${column}.*${value}.*must be one of`) as unknown,
  });
});

it('a place at 0, 0 is that of a receiver without a fix: none', async () => {
  const change = async (folder: string) => {
    const path = join(folder, 'deployments.csv');
    await writeFile(path, (await readFile(path, 'utf8')).replace(',1,2\n', ',0,-0.0\n'));
  };
  const { clips } = await labelsOf(oneClip, undefined, change);
  expect(clips[0]?.coordinates).toBeNull();
});

it.skipIf(process.platform === 'win32')(
  'never waits for, nor reads, what lies elsewhere under the name of a table',
  async () => {
    const put = (make: (path: string) => Promise<void>) => async (folder: string) => {
      await rm(join(folder, 'media.csv'));
      await make(join(folder, 'media.csv'));
    };
    const wrong: [(path: string) => Promise<void>, RegExp][] = [
      [(path) => symlink('/dev/zero', path), /media\.csv, which is a link out of its folder/],
      [(path) => symlink('/etc/passwd', path), /media\.csv, which is a link out of its folder/],
      [
        (path) => promisify(execFile)('mkfifo', [path]).then(() => {}),
        /media\.csv, which is no file, but a folder, a pipe/,
      ],
    ];
    for (const [make, says] of wrong) await expect(labelsOf(oneClip, undefined, put(make))).rejects.toThrow(says);
  },
);

it('asks which class is meant where a table has several for a taxon', async () => {
  const taxaOf = (rows: string) => async (folder: string) =>
    labelsOf(oneClip, await readTaxaText(folder, `class,scientific_name\n${rows}\n`));
  await using folder = await temporaryFolder();
  const { clips } = await taxaOf('Leo,Panthera leo')(folder.path);
  expect(clips[0]?.classes).toEqual(['Leo']);
  await expect(taxaOf('Leo,Panthera leo\ncat,Panthera leo')(folder.path)).rejects.toThrow(
    /observations\.csv:2.*several classes stand for it: Leo, cat/,
  );
});

async function readTaxaText(folder: string, text: string) {
  await writeFile(join(folder, 'taxa.csv'), text);
  return readTaxa(join(folder, 'taxa.csv'));
}

it('does not choose among several classes of one observation', async () => {
  const tagged = (tags: string) =>
    labelsOf(oneClip, undefined, async (folder) => {
      const file = join(folder, 'observations.csv');
      const [header, row] = (await readFile(file, 'utf8')).split('\n');
      await writeFile(file, `${header},observationTags\n${row},${tags}\n`);
    });
  expect((await tagged('night|class:hog|class:hog')).clips[0]?.classes).toEqual(['hog']);
  await expect(tagged('class:hog|class:bird')).rejects.toThrow(
    /observations\.csv:2, column "observationTags".*several/,
  );
});

it('reads descriptors with a byte order mark, and tables in several files, with or without their header again', async () => {
  const { clips } = await labelsOf(oneClip, undefined, async (folder) => {
    const file = join(folder, 'datapackage.json');
    const descriptor = JSON.parse(await readFile(file, 'utf8')) as { resources: { name: string; path: unknown }[] };
    for (const resource of descriptor.resources) {
      resource.path = resource.name === 'media' ? ['media.csv', 'more.csv', 'rest.csv'] : [resource.path];
    }
    await writeFile(file, `\uFEFF${JSON.stringify(descriptor)}`);
    await writeFile(join(folder, 'more.csv'), `mediaID,deploymentID,timestamp,filePath,fileName\nm2,d1,${at},b.mp4,\n`);
    await writeFile(join(folder, 'rest.csv'), `m3,d2,${at},c.mp4,NA\n`);
  });
  expect(clips.map(({ filename }) => filename)).toEqual(['a.mp4', 'b.mp4', 'c.mp4']);
  await expect(
    labelsOf(oneClip, undefined, async (folder) => {
      const file = join(folder, 'datapackage.json');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"media.csv"', '["media.csv","more.csv"]'));
      await writeFile(join(folder, 'more.csv'), `m1,d1,${at},b.mp4,\n`);
    }),
  ).rejects.toThrow(/more\.csv:1, column "mediaID", value "m1": is already in line 2 of .*media\.csv/);
  await expect(
    labelsOf(oneClip, undefined, async (folder) => {
      const file = join(folder, 'datapackage.json');
      await writeFile(file, (await readFile(file, 'utf8')).replace('"media.csv"', '["media.csv","../more.csv"]'));
    }),
  ).rejects.toThrow(/path of a CSV file in the package, got \.\.\/more\.csv/);
});
