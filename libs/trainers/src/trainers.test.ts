import { mkdir, symlink } from 'node:fs/promises';
import type { TrainingRequest } from '@primatrix/contracts';
import { JetStreamBus } from '@primatrix/messaging';
import { openAnswers, type Service } from '@primatrix/services';
import {
  natsServerAvailable,
  startNatsServer,
  temporaryFolder,
  type NatsServer,
  type TemporaryFolder,
} from '@primatrix/testkit';
import { StageError, type Stage } from '@primatrix/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RemoteStages, type JobEvents } from './remote-stages.ts';
import { startTrainer } from './start-trainer.ts';
import { trainerRelease } from './trainer-part.ts';
import { waitForTrainers } from './wait-for-trainers.ts';

const release = trainerRelease([{ name: 'looks', version: '1.0.0' }]);
const { signal } = new AbortController();
const run = { signal, threads: 1, report: () => {} };
const stage: Stage = {
  project: 'looks',
  task: 'features',
  needs: [],
  cost: 1,
  inputs: async () => ({}),
  run: async () => ({ outputs: [], summary: null }),
};

describe.skipIf(!natsServerAvailable())('trainers', () => {
  let server: NatsServer;
  let folder: TemporaryFolder;
  let bus: JetStreamBus;
  beforeAll(async () => {
    server = await startNatsServer();
    folder = await temporaryFolder('primatrix-trainers-');
    await mkdir(folder.join('shared'));
    bus = await JetStreamBus.connect(server.url);
  });
  afterAll(async () => {
    await bus?.close();
    await server?.stop();
    await folder?.remove();
  });

  const requestOf = (dataset: string): TrainingRequest => ({
    dataset,
    artifacts: folder.join('shared/artifacts'),
    profile: 'laptop',
    folds: 2,
    seed: 1,
  });

  /** A trainer that can open no training: everything before that is of interest here. */
  const trainer = async (opened: TrainingRequest[]): Promise<Service> =>
    startTrainer({
      ...{ bus, release, threads: 1, name: 'station-1' },
      answers: await openAnswers(bus),
      shared: folder.join('shared'),
      open: (request) => {
        opened.push(request);
        return Promise.reject(new StageError('STAGE_UNKNOWN', 'nothing is installed'));
      },
    });

  const ask = async (request: TrainingRequest, events: JobEvents = {}) => {
    await using stages = new RemoteStages({
      ...{ bus, release, training: request, dataset: 'digest', datasetName: 'sample', events },
      answers: await openAnswers(bus),
    });
    await stages.runStage(request.artifacts, stage, run);
  };

  it('are waited for, and missed with what is to be done', async () => {
    const say: string[] = [];
    const wait = (waitSeconds: number) =>
      waitForTrainers(bus, release, { waitSeconds, say: (text) => say.push(text), signal });
    await expect(wait(0)).rejects.toMatchObject({
      code: 'TRAINER_NONE',
      hint: expect.stringContaining('primatrix serve trainer --shared') as string,
    });
    const other = await startTrainer({
      ...{ bus, threads: 1, name: 'station-2', shared: folder.path, open: () => Promise.reject(new Error('never')) },
      answers: await openAnswers(bus),
      release: trainerRelease([{ name: 'looks', version: '2.0.0' }]),
    });
    await expect(wait(0)).rejects.toMatchObject({ code: 'TRAINER_NONE', fields: { others: 1 } });
    const waited = wait(30);
    await using _trainer = disposable(await trainer([]));
    await waited;
    expect(say).toEqual([expect.stringContaining('waiting for a trainer')]);
    await other.stop();
  });

  it('tell who asks what went wrong with a job, and whose it was', async () => {
    const opened: TrainingRequest[] = [];
    await using _trainer = disposable(await trainer(opened));
    const events: unknown[] = [];
    const request = requestOf(folder.join('shared/sample'));
    await expect(ask(request, { onJob: (event) => events.push(event) })).rejects.toMatchObject({
      code: 'JOB_FAILED',
      message: expect.stringContaining(
        'looks:features failed on station-1: nothing is installed [STAGE_UNKNOWN]',
      ) as string,
    });
    expect(opened).toEqual([request]);
    expect(events).toContainEqual({ stage: 'looks:features', part: false, trainer: 'station-1', state: 'done' });
  });

  it('open nothing that does not lie below their folder, by whichever way', async () => {
    const opened: TrainingRequest[] = [];
    await using _trainer = disposable(await trainer(opened));
    await symlink('/etc', folder.join('shared/link'));
    const places = [
      '/etc',
      folder.path,
      folder.join('shared/link/x'),
      `${folder.join('shared')}/none/../../other`,
      'shared',
    ];
    for (const place of places) {
      await expect(ask(requestOf(place)), place).rejects.toThrow('[TRAINER_PLACE]');
    }
    const elsewhere = { ...requestOf(folder.join('shared/sample')), standIn: { looks: '/etc' } };
    await expect(ask(elsewhere)).rejects.toThrow('[TRAINER_PLACE]');
    expect(opened).toEqual([]);
  });

  it('answer a request that is no job, instead of trying it for ever', async () => {
    await using _trainer = disposable(await trainer([]));
    const broken = { ...requestOf('/x'), folds: 0 };
    await expect(ask(broken)).rejects.toThrow('[WORK_PAYLOAD]');
    expect(await bus.deadLetters()).toEqual([]);
  });
});

function disposable(service: Service): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => service.stop() };
}
