import { basename, join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { encodeClip } from '@primatrix/video';
import { expect, it } from 'vitest';
import { readClipOrigins } from './clip-origins.ts';
import { findSettings, rowsOf } from './clip-record.ts';

const signal = new AbortController().signal;

it('asks the table, then the container, then the name, and says which told', async () => {
  await using folder = await temporaryFolder();
  const frames = [new Uint8Array(12), new Uint8Array(12)];
  const names = ['s1/20190102_030405.mp4', 's1/20190103.mp4', 'c.mp4', 'gone_20190104_000000.mp4'];
  for (const name of names.slice(0, 3)) {
    await encodeClip({
      out: folder.join(name),
      width: 2,
      height: 2,
      fps: 2,
      frames,
      creationTime: name === 'c.mp4' ? '2019-05-06T07:08:09Z' : null,
    });
  }
  await writeFile(
    folder.join('o.csv'),
    'filename,site,captured_at,latitude,longitude\ns1/20190103.mp4,ridge,2019-01-03T10:00:00+02:00,-1,2\n',
  );
  const found = await findSettings(names, {
    pathOf: (name) => folder.join(name),
    origins: await readClipOrigins(folder.join('o.csv')),
    signal,
  });
  expect(found.map(({ site, time }) => [site, time?.local, time?.zone, time?.source])).toEqual([
    ['s1', '2019-01-02T03:04:05', null, 'file-name'],
    ['ridge', '2019-01-03T10:00:00', '+02:00', 'table'],
    [null, '2019-05-06T07:08:09', 'Z', 'container'],
    [null, '2019-01-04T00:00:00', null, 'file-name'],
  ]);
  const byThisClock = await findSettings(['c.mp4'], { pathOf: (name) => folder.join(name), localClock: true, signal });
  expect(byThisClock[0]?.time).toMatchObject({ local: '2019-05-06T07:08:09', zone: null, source: 'container' });
  const ofTheRoot = await findSettings(['c.mp4', 's1/20190103.mp4', 'gone.mp4'], {
    pathOf: (name) => (name === 'gone.mp4' ? undefined : folder.join(name)),
    rootIsSite: true,
    signal,
  });
  expect(ofTheRoot.map(({ site }) => site)).toEqual([basename(folder.path), 's1', null]);
  expect(found[1]).toMatchObject({
    coordinates: { latitude: -1, longitude: 2 },
    media: { kind: 'video', fps: 2, frames: 2, durationSeconds: 1, width: 2, height: 2 },
  });
  expect(found[3]?.media).toBeNull();
});

it('takes base names from a table where only one clip has them, and refuses a table of other clips', async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('o.csv'), 'filename,site\n1.mp4,ridge\n2.mp4,river\n');
  const origins = await readClipOrigins(folder.join('o.csv'));
  const sitesOf = async (...names: string[]) =>
    (await findSettings(names, { pathOf: () => undefined, origins, signal })).map(({ site }) => site);
  expect(await sitesOf('a/1.mp4', 'a/2.mp4', 'b/2.mp4')).toEqual(['ridge', 'a', 'b']);
  const said: string[] = [];
  const say = (sentence: string) => void said.push(sentence);
  await findSettings(['a/1.mp4', 'c/3.mp4'], { pathOf: () => undefined, origins, signal, say });
  rowsOf(['a/1.mp4', 'c/3.mp4'], origins, { of: 'decisions', whole: false, say });
  expect(said).toEqual([
    'the table of sites lacks 1 of 2 clips: c/3.mp4',
    'the table of sites has 1 row of no clip here: 2.mp4',
    'the table of decisions has 1 row of no clip here: 2.mp4',
  ]);
  await expect(sitesOf('x.mp4')).rejects.toThrow(/names none of the 1 clips, for example not x\.mp4/);
});

it.each([
  ['filename,class\na,b\n', /must be a column "site", "captured_at" or "latitude"/],
  ['filename,captured_at\na,01/02/2019\n', /o\.csv:2, column "captured_at", value "01\/02\/2019": must be a time/],
  ['filename,latitude,longitude\na,91,0\n', /o\.csv:2, column "latitude"/],
  ['filename,latitude,longitude\na,0x10,0\n', /o\.csv:2, column "latitude", value "0x10": must be degrees/],
  ['filename,latitude,longitude\na,1.5,NA\n', /o\.csv:2, column "latitude".*got one of both/],
  ['filename,Longitude\na,1.5\n', /o\.csv:2, column "longitude".*got one of both/],
])('refuses the table %j', async (text, says) => {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('o.csv'), text);
  await expect(readClipOrigins(folder.join('o.csv'))).rejects.toThrow(says);
});

it('reads columns as people spell them, and 0, 0 as the place of a receiver without a fix', async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('o.csv'), 'filename,Site,Latitude,LONGITUDE\na,"x ",-1.95,2.5\nb,y,0,-0.0\n');
  const origins = await readClipOrigins(folder.join('o.csv'));
  expect(origins.get('a')).toMatchObject({ site: 'x', coordinates: { latitude: -1.95, longitude: 2.5 } });
  expect(origins.get('b')).toMatchObject({ site: 'y', coordinates: null });
});

it.skipIf(sharedData('golden', 'image-hash') === undefined)('a picture has no frame rate', async () => {
  const path = join(sharedData('golden', 'image-hash') as string, 'imagehash.png');
  expect((await findSettings(['imagehash.png'], { pathOf: () => path, signal }))[0]?.media).toMatchObject({
    kind: 'image',
    fps: null,
    frames: 1,
    durationSeconds: 0,
  });
});
