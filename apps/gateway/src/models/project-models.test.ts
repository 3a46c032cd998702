import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PuppetProcess } from '../puppet-process.fixture.ts';
import type { WorkerHandle } from '../prediction/prediction-run.ts';
import type { Source } from '../prediction/source.ts';
import { ReviewProject } from '../project/review-project.ts';
import type { FromWorker } from '../prediction/worker-messages.ts';
import { modelPlaces, ownModelInUse } from './model-log.ts';
import { ProjectModels } from './project-models.ts';
import type { FromTraining, TrainHandle, TrainSettings } from './train-messages.ts';

const source: Source = {
  place: { models: ['/models/looker'] },
  digest: 'the-digest-of-the-models',
  recordsDigest: 'the-digest-of-the-models',
  classes: ['blank', 'animal'],
  nets: [],
  families: [],
  refitted: false,
  calibrated: false,
};
const choice = { models: ['looker'] };
const score = { clips: 12, accuracy: 0.75, logLoss: 0.4, standardError: { accuracy: 0.1, logLoss: null } };

/** A process that trains, whose life the test decides. */
class Puppet extends PuppetProcess<TrainSettings, FromTraining> implements TrainHandle {
  succeed(): void {
    this.say({ type: 'done', score });
    this.die();
  }
}

let folder: TemporaryFolder;
let project: ReviewProject;
let models: ProjectModels;
let puppets: Puppet[];
let reopened: number;
let now: number;

/** Says of every clip that it is an animal. */
function worker(): WorkerHandle {
  let say: (message: FromWorker) => void = () => undefined;
  return {
    onMessage: (listen) => void (say = listen),
    onExit: () => undefined,
    stop: () => Promise.resolve(),
    send(message) {
      if (message.type !== 'predict') return;
      say({
        type: 'predictions',
        round: message.round,
        predictions: message.clips.map(({ id, file: { filename } }) => ({
          id,
          metadata: null,
          capturedAt: null,
          prediction: {
            filename,
            sha256: null,
            outcome: { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 },
            probabilities: [0.2, 0.8],
            members: {},
            padded: {},
          },
        })),
      });
      say({ type: 'idle' });
    },
  };
}

async function openAll(): Promise<void> {
  const options = { folder: folder.path, source, maxClips: 50, now: () => new Date(now), startWorker: worker };
  project = await ReviewProject.open(options);
  models = await ProjectModels.open({
    ...{ project, choice, models: ['looker', 'encoder'] },
    start: (settings) => puppets[puppets.push(new Puppet(settings)) - 1] as Puppet,
    reopen: () => void (reopened += 1),
  });
}

async function closeAll(): Promise<void> {
  await models[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
}

/** Decides so many clips, every other one blank, at sites of their own as far as there are so many. */
async function review(count: number, species = 'animal'): Promise<void> {
  for (const row of [...project.table.rows()].filter((each) => each.review === null).slice(0, count)) {
    const isBlank = Number.parseInt(row.filename, 10) % 2 === 0;
    await project.reviews.review(
      row,
      isBlank ? { decision: 'blank', species: [] } : { decision: 'corrected', species: [species] },
    );
  }
}

/** Others may compute on the same machine. */
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 30_000 });

beforeEach(async () => {
  [puppets, reopened, now] = [[], 0, Date.UTC(2026, 0, 1)];
  folder = await temporaryFolder();
  await openAll();
  await project.add(
    Array.from({ length: 20 }, (_, i) => ({ filename: `${i}.mp4`, path: `/card/${i}.mp4`, site: `site ${i % 3}` })),
  );
  await until(() => project.progress().stage === 'idle');
});
afterEach(async () => {
  await closeAll();
  await folder.remove();
});

describe('ProjectModels', () => {
  it('says what is missing before a model can be trained, and what would make one better', async () => {
    expect(models.describe()).toMatchObject({
      impossible: { code: 'species', only: null },
      stage: 'idle',
      models: [{ number: 0, name: 'looker', inUse: true, score: null }],
    });
    await review(3);
    expect(models.describe().impossible).toEqual({ code: 'clips', least: 10 });
    await expect(models.train('quick')).rejects.toMatchObject({
      ...{ status: 422, code: 'MODEL_LABELS' },
      message: expect.stringContaining('needs 10 reviewed clips, got 3'),
    });
    await review(9);
    const { impossible, advice, clips } = models.describe();
    expect([impossible, clips.clips, clips.sites]).toEqual([null, 12, 3]);
    const species = ['animal', 'blank'].map((name) => ({ species: name, clips: 6 }));
    expect(advice).toEqual([
      { code: 'rare', wanted: 20, species },
      { code: 'sites', wanted: 5, sites: 3 },
    ]);
    expect(puppets).toEqual([]);
  });

  it('trains on what was decided, tells how far it is, keeps the score, and is used by the next start alone', async () => {
    await review(12);
    await models.train('quick');
    await expect(models.train('quick')).rejects.toMatchObject({ status: 409, code: 'MODEL_RUNNING' });
    const places = modelPlaces(project.folder, 1);
    const { dataset, artifacts } = places;
    expect(puppets.map(({ settings }) => settings)).toEqual([
      { dataset, artifacts, effort: 'quick', folds: 3, models: ['looker', 'encoder'] },
    ]);
    expect((await readFile(places.labels, 'utf8')).trim().split('\n').slice(0, 3)).toEqual([
      'filename,animal,blank',
      '0.mp4,0,1',
      '1.mp4,1,0',
    ]);
    expect(await readFile(join(dataset, 'clips.csv'), 'utf8')).toContain('1.mp4,site 1,');
    expect(await readlink(join(dataset, 'clips/1.mp4'))).toBe('/card/1.mp4');

    const [puppet] = puppets as [Puppet];
    const stages = { done: 1, all: 9 };
    puppet.say({ type: 'progress', done: 0.4, at: 'net:train-fold-1', stages, known: true });
    expect(models.describe()).toMatchObject({
      stage: 'running',
      at: 'net:train-fold-1',
      done: 0.4,
      secondsLeft: null,
      stages,
    });
    now += 60_000;
    puppet.say({ type: 'progress', done: 0.6, at: 'net:train-fold-2', stages, known: false });
    expect(models.describe().secondsLeft).toBeCloseTo(120, 6);
    await expect(models.use(0)).rejects.toMatchObject({ code: 'MODEL_RUNNING' });
    puppet.succeed();
    await until(() => models.describe().stage === 'idle');
    expect(models.describe().models).toEqual([
      {
        ...{ number: 1, name: 'Model 1', at: '2026-01-01T00:00:00.000Z', inUse: false },
        learned: {
          clips: 12,
          sites: 3,
          species: [
            { species: 'animal', clips: 6 },
            { species: 'blank', clips: 6 },
          ],
        },
        // The model in use says animal of all: half of them is right.
        score: {
          ...{ clips: 12, by: 'site', before: { clips: 12, right: 6 } },
          accuracy: { value: 0.75, error: 0.1 },
          logLoss: { value: 0.4, error: null },
        },
      },
      expect.objectContaining({ number: 0, inUse: true }),
    ]);
    expect(() => models.report(1)).toThrow(expect.objectContaining({ status: 404 }));
    await mkdir(dirname(places.report), { recursive: true });
    await writeFile(places.report, '<!doctype html>');
    expect(models.report(1)).toBe(places.report);

    await expect(models.use(2)).rejects.toMatchObject({ status: 404, code: 'MODEL_NONE' });
    expect(await models.use(1)).toMatchObject({ serving: 0, models: [{ inUse: true }, { inUse: false }] });
    expect(reopened).toBe(1);
    await closeAll();
    await openAll();
    expect(models.describe()).toMatchObject({ serving: 1, models: [{ number: 1, inUse: true }, { inUse: false }] });
    // Its bundle is not there in this test: then what was given predicts, and that is said.
    const told: string[] = [];
    expect(await ownModelInUse(folder.path, choice, (text) => told.push(text))).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('model 1')]);
    expect(await ownModelInUse(folder.path, { models: ['another'] }, (text) => told.push(text))).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(await models.use(0)).toMatchObject({ models: [{ inUse: false }, { inUse: true }] });
  });

  it('goes on after a restart with what it had begun, and with its clips of then', async () => {
    await review(12);
    await models.train('thorough');
    const [{ settings }] = puppets as [Puppet];
    await closeAll();
    await openAll();
    expect(puppets.map((puppet) => puppet.settings)).toEqual([settings, settings]);
    await review(2);
    puppets[1]?.succeed();
    await until(() => models.describe().stage === 'idle');
    expect(models.describe().models[0]).toMatchObject({ number: 1, learned: { clips: 12 } });
    await closeAll();
    await openAll();
    expect([puppets.length, models.describe().models[0]?.score?.clips]).toEqual([2, 12]);
  });

  it('says why a training failed, forgets one that was stopped, and neither is gone on with', async () => {
    await review(12);
    await models.train('quick');
    puppets[0]?.say({ type: 'failed', message: 'the disk is full' });
    puppets[0]?.die();
    await until(() => models.describe().stage === 'failed');
    expect(models.describe()).toMatchObject({ trouble: 'the disk is full', models: [{ number: 0 }] });
    await models.train('quick');
    expect(puppets[1]?.settings.dataset).toBe(modelPlaces(project.folder, 2).dataset);
    expect(await models.stop()).toMatchObject({ stage: 'idle', trouble: null });
    // One that dies without a word is a failure, too.
    await models.train('quick');
    puppets[2]?.die();
    await until(() => models.describe().stage === 'failed');
    expect(models.describe().trouble).toContain('ended before it was done');
    await closeAll();
    await openAll();
    expect(puppets).toHaveLength(3);
  });

  it('leaves out clips one by one where all are of one site, and says so', async () => {
    for (const row of project.table.rows()) row.site = 'only';
    await review(12);
    await models.train('quick');
    expect(models.describe().advice).toContainEqual({ code: 'sites', wanted: 5, sites: 1 });
    expect(puppets[0]?.settings.folds).toBe(5);
    expect(await readFile(join(modelPlaces(project.folder, 1).dataset, 'clips.csv'), 'utf8')).toContain('1.mp4,,');
  });
});
