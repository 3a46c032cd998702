import { writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { builtInTaxa } from '../taxa.ts';
import { labelsFromPackage } from './package-labels.ts';
import { readCamtrapPackage } from './read-package.ts';

async function labelsOf(tables: { media: string; observations: string }, taxa?: typeof builtInTaxa) {
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
