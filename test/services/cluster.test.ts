import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPredictions } from '@primatrix/dataset';
import { natsServerAvailable, temporaryFolder } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';
import { startFleet } from '../support/fleet.ts';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');

it.skipIf(!natsServerAvailable() || process.env['PRIMATRIX_QUICK'] === '1')(
  'predicts every clip once, and as one process does, while each of three brokers is killed and started again',
  async () => {
    const names = (await filesBelow(join(sample.dataset, 'clips'))).slice(0, 8);
    const files = names.map((name) => join(sample.dataset, 'clips', name));
    await using folder = await temporaryFolder();
    const args = (out: string) => ['predict', ...files, '--bundle', sample.bundle, '--out', folder.join(out)];
    const { status } = await run(args('local.csv'));
    await using fleet = await startFleet({
      bundle: sample.bundle,
      workers: [['--all']],
      brokers: 3,
      options: ['--ack-wait', '3000', '--max-deliver', '12'],
    });
    await fleet.ready();
    let over = false;
    const remote = run([...args('remote.csv'), '--remote', '--store', fleet.store], { env: fleet.env }).finally(
      () => (over = true),
    );
    let kills = 0;
    while (!over) {
      const server = fleet.servers[kills % 3];
      await server?.kill();
      await sleep(1_000);
      await server?.restart();
      kills += 1;
      // Two of three must be there: the next one goes when this one has caught up.
      await sleep(2_000);
    }
    const result = await remote;
    expect(result.status, result.stderr).toBe(status);
    expect(kills).toBeGreaterThanOrEqual(3);
    expect((await readPredictions(folder.join('remote.csv'))).filenames).toHaveLength(names.length);
    expect(await readFile(folder.join('remote.csv'), 'utf8')).toBe(await readFile(folder.join('local.csv'), 'utf8'));
    expect(await fleet.deadLetters()).toEqual([]);
  },
  180_000,
);
