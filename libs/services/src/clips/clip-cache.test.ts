import { readdir, readFile, writeFile } from 'node:fs/promises';
import { sha256Bytes, takeLock } from '@primatrix/files';
import { S3Bucket } from '@primatrix/tensor-store';
import { ClipError } from '@primatrix/video';
import { startS3Server, temporaryFolder, type S3Server, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ClipCache } from './clip-cache.ts';
import { listS3Inputs } from './s3-clips.ts';

let server: S3Server;
let bucket: S3Bucket;
let folder: TemporaryFolder;
beforeAll(async () => {
  server = await startS3Server('clips');
  bucket = new S3Bucket('clips', { ...server.access, endpoint: server.endpoint, region: 'us-east-1' });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await temporaryFolder();
  for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await folder.remove();
});

const put = async (key: string, content: string) =>
  expect((await bucket.request(key, { method: 'PUT', body: content })).status).toBe(200);
const remove = async (key: string) => expect((await bucket.request(key, { method: 'DELETE' })).ok).toBe(true);
const contentOf = (path: string) => readFile(path, 'utf8');
const uriOf = (key: string) => `s3://clips/${key}`;
const refOf = (key: string, content: string) => ({
  uri: uriOf(key),
  sha256: sha256Bytes(content),
  bytes: content.length,
});
const cached = async () => (await readdir(folder.path)).sort();

it('fetches a clip once, for all processes of the machine, and leaves nothing but the clip', async () => {
  await put('site 1/a+b.MP4', 'a clip');
  const cache = new ClipCache({ folder: folder.path });
  const ref = await cache.refer(uriOf('site 1/a+b.MP4'));
  expect(ref).toEqual(refOf('site 1/a+b.MP4', 'a clip'));
  await remove('site 1/a+b.MP4');
  // It is not there any more, so nobody fetches it again.
  expect(
    await Promise.all([cache, new ClipCache({ folder: folder.path })].map((each) => each.use(ref, contentOf))),
  ).toEqual(['a clip', 'a clip']);
  expect(await cached()).toEqual([`${ref.sha256}.mp4`]);
  const odd = cache.use(ref, async (path) =>
    Promise.reject(new ClipError('no-frames', path, `${path}: nothing decodes`)),
  );
  await expect(odd).rejects.toMatchObject({
    fault: 'no-frames',
    message: 's3://clips/site 1/a+b.MP4: nothing decodes',
  });
});

it('lets one fetch where several need it at once, also after one was killed meanwhile', async () => {
  await put('b.avi', 'another');
  const ref = refOf('b.avi', 'another');
  // A process that ended holds the lock.
  const path = folder.join(`${ref.sha256}.avi.lock`);
  const lock = await takeLock(path, 'killed');
  const text = await readFile(path, 'utf8');
  if (lock.held) await lock[Symbol.asyncDispose]();
  await writeFile(path, text.replace(/"pid":\d+/, '"pid":999999999'));
  const caches = Array.from({ length: 6 }, () => new ClipCache({ folder: folder.path }));
  expect(await Promise.all(caches.map((cache) => cache.use(ref, contentOf)))).toEqual(Array(6).fill('another'));
  expect(await cached()).toEqual([`${ref.sha256}.avi`]);
});

it('fetches again what is spoilt, and says what is gone, changed or not to be had', async () => {
  await put('c.mp4', 'whole');
  const cache = new ClipCache({ folder: folder.path });
  const ref = await cache.refer(uriOf('c.mp4'));
  await writeFile(folder.join(`${ref.sha256}.mp4`), 'torn!');
  expect(await cache.use(ref, contentOf)).toBe('whole');
  await put('c.mp4', 'other');
  await writeFile(folder.join(`${ref.sha256}.mp4`), '');
  await expect(cache.use(ref, contentOf)).rejects.toMatchObject({
    fault: 'unreadable',
    message: 's3://clips/c.mp4: the object was changed after it was submitted',
  });
  await remove('c.mp4');
  await expect(cache.use(ref, contentOf)).rejects.toMatchObject({
    fault: 'unreadable',
    message: 's3://clips/c.mp4: there is no such object',
  });
  await expect(cache.refer(uriOf('none.mp4'))).rejects.toMatchObject({ code: 'CLIP_FAULT' });
  await expect(cache.refer('s3://nowhere/x.mp4')).rejects.toMatchObject({
    code: 'CLIP_ACCESS',
    message: expect.stringContaining('NoSuchBucket') as string,
  });
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
  await expect(cache.use(ref, contentOf)).rejects.toMatchObject({
    code: 'CLIP_ACCESS',
    message: expect.stringMatching(/^services: s3:\/\/clips\/c.mp4: the server answers 403/) as string,
  });
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  await expect(cache.use(ref, contentOf)).rejects.toMatchObject({ code: 'STORE_ACCESS' });
  expect(await cached()).toEqual([`${ref.sha256}.mp4`]);
});

it('keeps to its room: the least recently used go, never one in use', async () => {
  const refs = [];
  const cache = new ClipCache({ folder: folder.path, limitBytes: 25 });
  for (const name of ['1', '2', '3']) {
    await put(`${name}.mp4`, `clip ${name} ---`);
    refs.push(refOf(`${name}.mp4`, `clip ${name} ---`));
  }
  const [one, two, three] = refs as [(typeof refs)[0], (typeof refs)[0], (typeof refs)[0]];
  const nameOf = ({ sha256 }: { sha256: string }) => `${sha256}.mp4`;
  await cache.use(one, contentOf);
  await cache.use(two, contentOf);
  await cache.use(one, contentOf);
  await cache.use(three, contentOf);
  expect(await cached()).toEqual([nameOf(one), nameOf(three)].sort());
  // Of those in use nothing goes, though there is no room for three, and marks of processes that have ended do not count.
  await writeFile(folder.join(`.${three.sha256}.used.999999999-0.tmp`), '');
  await cache.use(one, async () => {
    await new ClipCache({ folder: folder.path, limitBytes: 0 }).use(two, async () => {
      expect(await cached()).toEqual(expect.arrayContaining([nameOf(one), nameOf(two)]));
      expect(await cached()).not.toContain(nameOf(three));
    });
  });
});

it('keeps what another machine uses, whose processes nobody here can know', async () => {
  const refs = await Promise.all(
    ['p', 'q'].map(async (name) => {
      await put(`${name}.mp4`, `clip ${name} ---`);
      return refOf(`${name}.mp4`, `clip ${name} ---`);
    }),
  );
  const [one, two] = refs as [(typeof refs)[0], (typeof refs)[0]];
  await using shared = await temporaryFolder();
  const cache = new ClipCache({ folder: shared.path, limitBytes: 15 });
  await cache.use(one, contentOf);
  const mark = `.${one.sha256}.used.999999999-0-00000000.tmp`;
  await writeFile(shared.join(mark), '');
  await cache.use(two, contentOf);
  expect(await readdir(shared.path)).toEqual(expect.arrayContaining([mark, `${one.sha256}.mp4`]));
});

it('lists what lies below a prefix, a thousand and more, by names from the prefix on', async () => {
  const names = Array.from({ length: 1_005 }, (_, i) => `many/${String(i).padStart(4, '0')}.mp4`);
  for (let start = 0; start < names.length; start += 67) {
    await Promise.all(names.slice(start, start + 67).map((name) => put(`list/${name}`, 'x')));
  }
  await put('list/b c/(1)+ü.AVI', 'x');
  await put('list/notes.txt', 'x');
  await put('list/many/._0001.mp4', 'x');
  await put('listed-not.mp4', 'x');
  const { files, skipped } = await listS3Inputs('s3://clips/list/');
  expect(files.map(({ filename }) => filename).sort()).toEqual(['b c/(1)+ü.AVI', ...names]);
  expect(files.find(({ filename }) => filename.startsWith('b'))).toMatchObject({
    path: 's3://clips/list/b c/(1)+ü.AVI',
    stamp: expect.stringMatching(/^1-\d+$/) as string,
  });
  expect(skipped.sort()).toEqual(['s3://clips/list/many/._0001.mp4', 's3://clips/list/notes.txt']);
  expect(await listS3Inputs('s3://clips/list/notes.txt')).toEqual({
    files: [{ filename: 'notes.txt', path: 's3://clips/list/notes.txt' }],
    skipped: [],
  });
  await expect(listS3Inputs('s3://nowhere/')).rejects.toMatchObject({
    code: 'CLIP_LISTING',
    message: expect.stringContaining('404 NoSuchBucket') as string,
  });
  await expect(listS3Inputs('s3:///x')).rejects.toMatchObject({ code: 'CLIP_PLACE' });
});
