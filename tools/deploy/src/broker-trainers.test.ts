import { readFile, writeFile } from 'node:fs/promises';
import { JetStreamBus } from '@primatrix/messaging';
import { openAnswers } from '@primatrix/services';
import { natsServerAvailable, startNatsServer, temporaryFolder } from '@primatrix/testkit';
import { RemoteStages, startTrainer, trainerRelease, waitForTrainers } from '@primatrix/trainers';
import { expect, it } from 'vitest';
import { accountsConf, passwordVariable } from './accounts-conf.ts';
import { passwordOf, passwords, secured } from './broker-accounts.fixture.ts';
import { brokerUsers, clientUser } from './broker-users.ts';
import { trainerService } from './deployables.ts';

const release = trainerRelease([]);
const { signal } = new AbortController();

it.skipIf(!natsServerAvailable())(
  'lets clients have trainers work, and trainers answer them and say how far they are',
  async () => {
    await using folder = await temporaryFolder('primatrix-broker-');
    await writeFile(folder.join('accounts.conf'), accountsConf(brokerUsers([], undefined, release)));
    // As it is deployed, but without TLS and the port of its monitoring.
    await writeFile(
      folder.join('secured.conf'),
      (await readFile(secured, 'utf8'))
        .replace('/data', folder.join('data'))
        .replace(/^tls \{[^}]*\}/m, '')
        .replace(/^http:.*$/m, ''),
    );
    const env = { ...passwords, [passwordVariable(trainerService)]: 'p-trainer' };
    const server = await startNatsServer({ file: folder.join('secured.conf'), env });
    try {
      const busOf = (user: string, password: string) =>
        JetStreamBus.connect(`nats://${user}:${password}@127.0.0.1:${server.port}`, { publishTimeoutMs: 2_000 });
      // The joiner makes streams and buckets.
      await using joiner = await busOf('joiner', passwordOf('joiner'));
      await openAnswers(joiner);
      await using bus = await busOf(trainerService, 'p-trainer');
      const trainer = await startTrainer({
        ...{ bus, release, name: 'station-1', threads: 1, shared: folder.path },
        answers: await openAnswers(bus),
        open: () => Promise.reject(new RangeError('never opened')),
      });
      await using client = await busOf(clientUser, passwordOf(clientUser));
      await waitForTrainers(client, release, { waitSeconds: 5, say: () => {}, signal });
      const training = { dataset: '/elsewhere', artifacts: '/x', profile: 'laptop', folds: 2, seed: 1 } as const;
      await using stages = new RemoteStages({
        ...{ bus: client, release, training, dataset: 'digest', datasetName: 'sample' },
        answers: await openAnswers(client),
      });
      const stage = {
        ...{ project: 'looks', task: 'features', needs: [], cost: 1 },
        inputs: async () => ({}),
        run: async () => ({ outputs: [], summary: null }),
      };
      const asked = stages.runStage(folder.path, stage, { signal, threads: 1, report: () => {} });
      await expect(asked).rejects.toThrow('failed on station-1: trainer: /elsewhere does not lie below');
      await trainer.stop();
    } finally {
      await server.stop();
    }
  },
);
