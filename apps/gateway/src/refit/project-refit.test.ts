import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleManifest, RefitCard } from '@primatrix/prediction';
import { sha256File } from '@primatrix/files';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RefitHandle } from './fork-refit.ts';
import { readProject } from '../project/project-corrections.ts';
import { ProjectRefit } from './project-refit.ts';
import { bundleSource } from '../prediction/source.ts';
import { bundleInUse } from './refit-log.ts';
import type { FromRefit, RefitSettings } from './refit-messages.ts';
import { PuppetProcess } from '../puppet-process.fixture.ts';
import { ReviewProject } from '../project/review-project.ts';
import type { FromWorker, ToWorker } from '../prediction/worker-messages.ts';

const manifest: BundleManifest = {
  schema: 4,
  profile: 'laptop',
  dataset: { name: 'd', digest: 'd' },
  classes: ['bird', 'hog', 'blank'],
  metadata: { family: 'm', version: '1.0.0', reference: null },
  neighbours: { family: 'n', version: '1.0.0', nets: [], ks: [], order: 'site' },
  features: [],
  nets: [],
  stacks: [],
  ensemble: {
    family: 'e',
    version: '1.0.0',
    weights: {},
    calibration: { method: 'none' },
    thresholds: { answers: [], note: '' },
  },
};
const scores = { logLoss: 0.1, accuracy: 0.9, standardError: { logLoss: 0.01, accuracy: null } };
const training = {
  clips: 9,
  groups: { by: 'site' as const, count: 3 },
  classes: 2,
  before: scores,
  after: { ...scores, logLoss: 0.08 },
  gain: { gain: 0.02, standardError: 0.005 },
};
const card: RefitCard = {
  schema: 1,
  base: 'the-digest-of-the-base',
  before: 'b',
  dataset: { name: 'd', digest: 'd' },
  seed: 1,
  folds: 2,
  corrections: { reviewed: 2, relabelled: 0, confirmed: 0 },
  scores: { training, reviewed: { ...training, asPredicted: null } },
  siteFolds: {},
};
const given = { folder: '/bundles/given', manifest, digest: 'the-digest-of-the-base' };
const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;

/** A process that fits, whose life the test decides. */
class Puppet
  extends PuppetProcess<Omit<RefitSettings, 'families' | 'threads' | 'device'>, FromRefit>
  implements RefitHandle
{
  /** Writes a bundle as a re-fit does, and ends. */
  async succeed(): Promise<void> {
    const { out } = this.settings;
    await mkdir(join(out, 'refit'), { recursive: true });
    await writeFile(join(out, 'refit/card.json'), JSON.stringify(card));
    await writeFile(join(out, 'refit/out-of-fold.parquet'), '');
    const file = async (path: string) => ({ path, sha256: await sha256File(join(out, path)) });
    await writeFile(
      join(out, 'bundle.json'),
      JSON.stringify({
        ...manifest,
        refit: {
          base: given.digest,
          corrections: 2,
          card: await file('refit/card.json'),
          outOfFold: await file('refit/out-of-fold.parquet'),
        },
      }),
    );
    this.say({ type: 'done', card, seconds: 3 });
    this.die();
  }
}

let folder: TemporaryFolder;
let project: ReviewProject;
let refit: ProjectRefit;
let puppets: Puppet[];
/** What the predicting process was asked, by the bundle that it was started with. */
let asked: { readonly bundle: string; readonly message: Extract<ToWorker, { type: 'predict' }> }[];

async function openAll(): Promise<void> {
  const bundle = await bundleInUse(folder.path, given, (message) => expect(message).toBeUndefined());
  project = await ReviewProject.open({
    folder: folder.path,
    source: bundleSource(bundle),
    maxClips: 10,
    now: () => new Date('2026-01-01T00:00:00Z'),
    startWorker: (_records, from) => {
      let say: (message: FromWorker) => void = () => undefined;
      return {
        onMessage: (listen) => void (say = listen),
        onExit: () => undefined,
        stop: () => Promise.resolve(),
        send(message) {
          if (message.type !== 'predict') return;
          asked.push({ bundle: 'bundle' in from ? from.bundle : '', message });
          say({
            type: 'predictions',
            round: message.round,
            predictions: message.clips.map(({ id, file }) => ({
              id,
              metadata: null,
              capturedAt: null,
              prediction: {
                filename: file.filename,
                sha256: null,
                outcome,
                probabilities: [0, 1, 0],
                members: {},
                padded: {},
              },
            })),
          });
          say({ type: 'idle' });
        },
      };
    },
  });
  refit = await ProjectRefit.open({
    project,
    given,
    training: folder.join('training'),
    start: (settings) => puppets[puppets.push(new Puppet(settings)) - 1] as Puppet,
  });
}

async function closeAll(): Promise<void> {
  await refit[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
}

beforeEach(async () => {
  [puppets, asked] = [[], []];
  folder = await temporaryFolder();
  await mkdir(folder.join('training/second-level'), { recursive: true });
  for (const name of ['train.parquet', 'training.json']) {
    await writeFile(folder.join('training/second-level', name), '');
  }
  await openAll();
  await project.add(
    ['a', 'b', 'c', 'd', 'e'].map((name) => ({ filename: `${name}.mp4`, path: `/${name}.mp4`, site: 's' })),
  );
  await vi.waitUntil(() => project.progress().stage === 'idle');
  const ids = [...project.table.rows()].map(({ id }) => id);
  const say = (i: number, decision: 'corrected' | 'unsure', species: string[]) =>
    project.reviews.review(project.clip(ids[i] ?? ''), { decision, species });
  await say(0, 'corrected', ['hog']);
  await say(1, 'corrected', ['bird', 'hog']);
  await say(2, 'unsure', []);
  await say(3, 'corrected', ['okapi']);
});
afterEach(async () => {
  await closeAll();
  await folder.remove();
});

describe('ProjectRefit', () => {
  it('counts what can be learned from, and refuses where that is nothing', async () => {
    expect(refit.describe()).toMatchObject({
      impossible: null,
      stage: 'idle',
      corrections: 2,
      since: 2,
      leftOut: { unsure: 1, unknown: 1, unread: 0 },
      inUse: null,
    });
    const ids = [...project.table.rows()].map(({ id }) => id);
    // Who left the project teaches nothing.
    await project.changes.remove(ids.slice(0, 1), { deleteUploads: false });
    expect([refit.describe().corrections, [...(await readProject(folder.path)).clips.keys()]]).toEqual([
      1,
      ids.slice(1),
    ]);
    for (const id of ids.slice(1)) await project.reviews.review(project.clip(id), { decision: 'open', species: [] });
    expect(() => refit.start()).toThrow(expect.objectContaining({ status: 422, code: 'REFIT_NOTHING' }));
    expect(puppets).toEqual([]);
  });

  it('shows progress, offers the result over a restart, and predicts anew with it once it is used', async () => {
    expect(refit.start()).toMatchObject({ stage: 'running' });
    expect(() => refit.start()).toThrow(expect.objectContaining({ status: 409 }));
    const [puppet] = puppets as [Puppet];
    expect(puppet.settings).toEqual({
      bundle: given.folder,
      training: folder.join('training'),
      project: project.folder,
      out: join(project.folder, 'refits/1'),
    });
    puppet.say({ type: 'progress', done: 0.5, note: 'stack fold 1' });
    await vi.waitUntil(() => refit.describe().done === 0.5);
    await puppet.succeed();
    await vi.waitUntil(() => refit.describe().stage === 'done');
    const { result } = refit.describe();
    expect(result).toMatchObject({
      seconds: 3,
      corrections: { reviewed: 2 },
      training: { logLoss: { before: 0.1, after: 0.08 }, gain: { value: 0.02, error: 0.005 } },
    });
    await closeAll();
    await openAll();
    expect(refit.describe()).toMatchObject({ stage: 'done', result });
    expect(asked.map(({ bundle }) => bundle)).toEqual([given.folder]);

    expect(await refit.use()).toMatchObject({ stage: 'idle', result: null, since: 0, inUse: { corrections: 2 } });
    await vi.waitUntil(() => project.progress().stage === 'idle');
    const { bundle, message } = asked.at(-1) ?? {};
    expect([bundle, message?.clips.map(({ file, fromRecord }) => [file.filename, fromRecord])]).toEqual([
      join(project.folder, 'refits/1'),
      ['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.mp4`, true]),
    ]);
    await closeAll();
    await openAll();
    expect([refit.describe().inUse?.corrections, project.source.place, asked.length]).toEqual([
      2,
      { bundle: join(project.folder, 'refits/1') },
      2,
    ]);
    await expect(refit.use()).rejects.toMatchObject({ status: 409 });
  });

  it('leaves the bundle in use where the process crashes, says so, and clears up what it left', async () => {
    refit.start();
    const [puppet] = puppets as [Puppet];
    await mkdir(join(project.folder, 'refits/.1.999999999.tmp'), { recursive: true });
    puppet.die();
    await vi.waitUntil(() => refit.describe().stage === 'failed');
    expect(refit.describe()).toMatchObject({ trouble: expect.stringContaining('stays in use'), inUse: null });
    expect(await readdir(join(project.folder, 'refits'))).toEqual([]);
    refit.start();
    puppets[1]?.say({ type: 'failed', message: 'the table is damaged' });
    puppets[1]?.die();
    await vi.waitUntil(() => refit.describe().stage === 'failed');
    expect(refit.describe().trouble).toBe('the table is damaged');
    // One that is stopped is no failure.
    refit.start();
    expect(await refit.stop()).toMatchObject({ stage: 'idle', trouble: null });
    expect(project.source.place).toEqual({ bundle: given.folder });
  });

  it('keeps the old bundle where the result is dropped, and forgets it', async () => {
    refit.start();
    await puppets[0]?.succeed();
    await vi.waitUntil(() => refit.describe().stage === 'done');
    expect(await refit.drop()).toMatchObject({ stage: 'idle', result: null, inUse: null });
    expect(await readdir(join(project.folder, 'refits'))).toEqual([]);
    await closeAll();
    await openAll();
    expect(refit.describe()).toMatchObject({ stage: 'idle', result: null });
    expect(refit.start() && puppets[1]?.settings.out).toBe(join(project.folder, 'refits/2'));
  });

  it('says why where the training is not there, and goes back to the bundle given where a re-fit is damaged', async () => {
    refit.start();
    await puppets[0]?.succeed();
    await vi.waitUntil(() => refit.describe().stage === 'done');
    await refit.use();
    await writeFile(join(project.folder, 'refits/1/refit/card.json'), '{}');
    const told: string[] = [];
    expect((await bundleInUse(folder.path, given, (message) => told.push(message))).folder).toBe(given.folder);
    expect(told).toEqual([expect.stringContaining('card.json is not the file')]);
    await using elsewhere = await ProjectRefit.open({
      project,
      given,
      training: folder.join('nowhere'),
      start: () => expect.unreachable(),
    });
    expect(elsewhere.describe().impossible).toContain('there is no training in');
    expect(() => elsewhere.start()).toThrow(expect.objectContaining({ status: 422, code: 'REFIT_TRAINING' }));
  });
});
