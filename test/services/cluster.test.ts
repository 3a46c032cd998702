import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPredictions } from '@primatrix/dataset';
import { natsServerAvailable, temporaryFolder } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';
import { startFleet } from '../support/fleet.ts';
import { run, type Finished } from '../support/primatrix.ts';
import { waitUntil } from '../support/wait-until.ts';

const sample = inject('trainedSample');

it.skipIf(!natsServerAvailable() || process.env['PRIMATRIX_LOAD'] === undefined)(
  'predicts every clip once, and as one process does, while each of three brokers is killed and started again',
  async () => {
    const names = (await filesBelow(join(sample.dataset, 'clips'))).slice(0, 30);
    const files = names.map((name) => join(sample.dataset, 'clips', name));
    await using folder = await temporaryFolder();
    const args = (out: string) => ['predict', ...files, '--bundle', sample.bundle, '--out', folder.join(out)];
    const local = await run(args('local.csv'));
    await using fleet = await startFleet({
      bundle: sample.bundle,
      workers: [['--all']],
      brokers: 3,
      options: ['--ack-wait', '3000', '--max-deliver', '12'],
    });
    await fleet.ready();
    let kills = 0;
    // Until the last of them was killed: a quick machine may be done before.
    const finished: Finished[] = [];
    const predicting = (async () => {
      do {
        const out = args(`remote-${finished.length}.csv`);
        finished.push(await run([...out, '--remote', '--store', fleet.store], { env: fleet.env }));
      } while (kills < fleet.servers.length);
    })();
    const begun = async () => (await readFile(folder.join('.remote-0.csv.journal'), 'utf8').catch(() => '')) !== '';
    await waitUntil('the prediction', begun, predicting);
    for (const server of fleet.servers) {
      await server.kill();
      await sleep(1_000);
      await server.restart();
      kills += 1;
      // Two of three must be there.
      await fleet.settled();
    }
    await predicting;
    for (const [i, { status, stderr }] of finished.entries()) {
      expect(status, stderr).toBe(local.status);
      const out = folder.join(`remote-${i}.csv`);
      expect((await readPredictions(out)).filenames).toHaveLength(names.length);
      expect(await readFile(out, 'utf8')).toBe(await readFile(folder.join('local.csv'), 'utf8'));
    }
    expect(await fleet.deadLetters()).toEqual([]);
  },
  240_000,
);
