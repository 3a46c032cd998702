import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import type {
  BundleManifest,
  ClipPrediction,
  FirstLevelRecord,
  FirstLevelRecords,
  InputFile,
} from '@primatrix/prediction';
import type { ClipSetting } from '@primatrix/review-api';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bundleSource } from '../prediction/source.ts';
import { workerOf } from '../prediction/worker.fixture.ts';
import { patchOf } from './clip-setting.ts';
import { readProject } from './project-corrections.ts';
import { projectFolder, ReviewProject } from './review-project.ts';

const manifest = {
  classes: ['blank', 'hog'],
  metadata: { family: 'video-ingest' },
  features: [],
  nets: [{ family: 'net-a' }],
  stacks: [],
  ensemble: { family: 'ensemble' },
} as unknown as BundleManifest;
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;
const broken = { ...outcome, status: 'failed', fault: 'damaged', reason: 'broken' } as const;

/** Fails files that say `broken`; its second level tells how many clips stood together at a site. */
class CountingPredictor {
  readonly looked: string[] = [];
  /** While false, the second level never ends: as if the process were killed in it. */
  weighs = true;

  async firstLevel({ filename, site, path }: InputFile): Promise<FirstLevelRecord> {
    this.looked.push(filename);
    const failed = (await readFile(path, 'utf8')) === 'broken';
    return {
      filename,
      site: site ?? null,
      capturedAt: null,
      modifiedAt: null,
      outcome: failed ? broken : outcome,
      metadata: null,
      rows: {},
      nets: failed ? {} : { 'net-a': [0.5, 0.5] },
      padded: {},
    };
  }

  async secondLevel({ clips, read }: FirstLevelRecords, signal?: AbortSignal): Promise<ClipPrediction[]> {
    signal?.throwIfAborted();
    if (!this.weighs) {
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('stopped'))));
    }
    return (await read(0, clips.length)).map(({ filename, site, nets, outcome: of }) => ({
      filename,
      sha256: null,
      outcome: of,
      probabilities: of.status === 'failed' ? null : [clips.filter((clip) => clip.site === site).length / 100, 0.9],
      members: nets,
      padded: {},
    }));
  }
}

let folder: TemporaryFolder;
let predictor: CountingPredictor;
let project: ReviewProject;
const open = async () => {
  predictor = new CountingPredictor();
  const mine = predictor;
  project = await ReviewProject.open({
    folder: folder.path,
    source: bundleSource({ folder: '', manifest, digest: 'd'.repeat(64) }),
    maxClips: 10,
    now: () => new Date(),
    startWorker: (records) => workerOf(mine, records),
  });
};
const reopen = async () => {
  await project[Symbol.asyncDispose]();
  await open();
};
const idle = () =>
  vi.waitUntil(
    () =>
      project.progress().stage === 'idle' &&
      [...project.table.rows()].every(
        ({ state, again }) => (state === 'predicted' || state === 'failed') && again === null,
      ),
    { timeout: 30_000 },
  );
/** Clips with how many stood together when they were weighed. */
const weighed = () =>
  Object.fromEntries(
    [...project.table.rows()].map(({ filename, probabilities }) => [
      filename,
      probabilities === null ? null : Math.round((probabilities[0] ?? 0) * 100),
    ]),
  );
const idOf = (filename: string) => project.table.named(filename)?.id ?? '';
const add = async (site: string, ...names: string[]) => {
  for (const name of names) await writeFile(folder.join(name), name);
  await project.add(names.map((filename) => ({ filename, path: folder.join(filename), site })));
};

beforeEach(async () => {
  folder = await temporaryFolder();
  await open();
});
afterEach(async () => {
  await project[Symbol.asyncDispose]();
  await folder.remove();
});

it('takes clips out and brings them back, with what was decided, and weighs the others of their sites again', async () => {
  await add('s', 'a', 'b', 'c');
  await add('t', 'd');
  await idle();
  const id = idOf('b');
  await project.reviews.review(project.clip(id), { decision: 'corrected', species: ['hog'] });
  expect(await project.changes.remove([id, id, '0'.repeat(16)], { deleteUploads: true })).toBe(1);
  await idle();
  expect(weighed()).toEqual({ a: 2, c: 2, d: 1 });
  expect(() => project.clip(id)).toThrow('no clip');
  await reopen();
  expect(weighed()).toEqual({ a: 2, c: 2, d: 1 });
  expect(await readFile(folder.join('b'), 'utf8')).toBe('b');
  expect(await project.changes.restore([id])).toBe(1);
  await idle();
  expect(weighed()).toEqual({ a: 3, c: 3, d: 1, b: 3 });
  expect(project.clip(id).review).toMatchObject({ species: ['hog'] });
  await reopen();
  expect(project.clip(id).review).toMatchObject({ species: ['hog'] });
  expect(weighed()).toEqual({ a: 3, b: 3, c: 3, d: 1 });
  expect(predictor.looked).toEqual([]);
});

it('weighs the others again after a restart where the process was killed before it could', async () => {
  await add('s', 'a', 'b', 'c');
  await idle();
  predictor.weighs = false;
  await project.changes.remove([idOf('c')], { deleteUploads: false });
  expect(weighed()).toEqual({ a: 3, b: 3 });
  await reopen();
  await idle();
  expect(weighed()).toEqual({ a: 2, b: 2 });
});

it('does not keep what was weighed beside a clip that left meanwhile', async () => {
  predictor.weighs = false;
  await add('s', 'a', 'b', 'c');
  await vi.waitUntil(() => project.progress().stage === 'ensemble', { timeout: 30_000 });
  await project.changes.remove([idOf('c')], { deleteUploads: false });
  await reopen();
  await idle();
  expect(weighed()).toEqual({ a: 2, b: 2 });
});

it('deletes the file of an upload for good, where that is asked for; another file of its name is another clip', async () => {
  const uploads = folder.join(`${projectFolder}/uploads`);
  await mkdir(uploads, { recursive: true });
  const path = `${uploads}/up`;
  const upload = async () => {
    await writeFile(path, 'up');
    await project.add([{ filename: 'up', path, site: 's' }]);
  };
  await upload();
  await add('s', 'a');
  await idle();
  const id = idOf('up');
  expect([project.clip(id).uploaded, project.clip(idOf('a')).uploaded]).toEqual([true, false]);
  await project.reviews.review(project.clip(id), { decision: 'blank', species: [] });
  await project.changes.remove([id], { deleteUploads: false });
  expect((await stat(path)).size).toBe(2);
  await project.changes.restore([id]);
  await project.changes.remove([id, idOf('a')], { deleteUploads: true });
  await expect(stat(path)).rejects.toThrow('ENOENT');
  expect(await readFile(folder.join('a'), 'utf8')).toBe('a');
  expect(await project.changes.restore([id])).toBe(0);
  await reopen();
  await upload();
  await idle();
  expect([project.clip(id).review, predictor.looked]).toEqual([null, ['up']]);
  await reopen();
  expect([project.clip(id).review, project.clip(id).state]).toEqual([null, 'predicted']);
});

it('looks again at a clip whose file was replaced, and keeps what people decided', async () => {
  await writeFile(folder.join('x'), 'broken');
  await project.add([{ filename: 'x', path: folder.join('x'), site: 's' }]);
  await add('s', 'a');
  await idle();
  expect(project.clip(idOf('x')).state).toBe('failed');
  await project.reviews.review(project.clip(idOf('x')), { decision: 'corrected', species: ['hog'] });
  await writeFile(folder.join('x'), 'mended');
  predictor.weighs = false;
  expect(await project.changes.again([idOf('x')])).toBe(1);
  expect(project.clip(idOf('x'))).toMatchObject({ state: 'waiting', outcome: null });
  // Killed before it is done: it is not forgotten.
  await reopen();
  await idle();
  expect(project.clip(idOf('x'))).toMatchObject({ state: 'predicted', review: { species: ['hog'] } });
  expect(weighed()).toEqual({ x: 2, a: 2 });
});

it('refuses to bring back a clip whose name another has taken', async () => {
  await add('s', 'a');
  await idle();
  const id = idOf('a');
  await project.changes.remove([id], { deleteUploads: false });
  await writeFile(folder.join('other'), '');
  await project.add([{ filename: 'a', path: folder.join('other'), site: 's' }]);
  await expect(project.changes.restore([id])).rejects.toMatchObject({ code: 'CLIP_NAME_TAKEN', status: 409 });
});

it('takes where and when a clip was taken, weighs both sites again, and knows it after another start', async () => {
  await add('s', 'a', 'b');
  await add('t', 'c');
  await idle();
  const id = idOf('b');
  const say = (setting: ClipSetting) => project.reviews.settle(new Map([[id, patchOf(setting)]]), { from: 'here' });
  await say({ site: 't', capturedAt: '2016-03-31T17:05:00' });
  await idle();
  expect(weighed()).toEqual({ a: 1, b: 2, c: 2 });
  const moment = Date.UTC(2016, 2, 31, 17, 5);
  expect(project.clip(id)).toMatchObject({ site: 't', moment, statedTime: '2016-03-31T17:05:00' });
  await reopen();
  expect(project.clip(id)).toMatchObject({ site: 't', moment, statedTime: '2016-03-31T17:05:00' });
  expect((await readProject(folder.path)).clips.get(id)).toMatchObject({ site: 't', filename: 'b' });
  await say({ capturedAt: null });
  await idle();
  expect(project.clip(id)).toMatchObject({ site: 't', moment: Number.NaN });
  expect(() => patchOf({ capturedAt: '2016-02-31' })).toThrow('no such day');
  // Both acts are undone, also after another start.
  await reopen();
  await project.reviews.undo({ from: 'here' });
  expect(project.clip(id)).toMatchObject({ site: 't', moment });
  expect(await project.reviews.undo({ from: 'here' })).toMatchObject({ about: 'setting', clips: [id] });
  await idle();
  expect(project.clip(id)).toMatchObject({ site: 's', moment: Number.NaN });
  expect(weighed()).toEqual({ a: 2, b: 2, c: 1 });
});
