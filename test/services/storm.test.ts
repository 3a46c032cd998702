import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { natsServerAvailable, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';
import { startFleet, storm } from '../support/fleet.ts';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');

/** The first is damaged, the second no clip at all. */
const chosen = ['clip_0004.mp4', 'clip_0003.mp4'];

describe.skipIf(!natsServerAvailable())('predict --remote', () => {
  it('comes to the same bytes as one process, while workers are killed and the broker is restarted', async () => {
    const clips = (await filesBelow(join(sample.dataset, 'clips')))
      .filter((name) => !chosen.includes(name))
      .slice(0, 10);
    const files = [...chosen, ...clips].map((name) => join(sample.dataset, 'clips', name));
    await using folder = await temporaryFolder();
    const args = (out: string) => ['predict', ...files, '--bundle', sample.bundle, '--out', folder.join(out)];
    const local = await run(args('local.csv'));
    expect(local).toMatchObject({ status: 1 });

    const workers = [['--all'], ['--all']];
    await using fleet = await startFleet({
      bundle: sample.bundle,
      workers,
      options: ['--ack-wait', '3000', '--max-deliver', '12'],
    });
    const remote = run([...args('remote.csv'), '--remote', '--store', fleet.store, '--json'], { env: fleet.env });
    const { result, kills } = await storm(fleet, workers.length, { killEveryMs: 1_500, restartAfter: 1 }, remote);
    expect(kills).toBeGreaterThan(0);
    expect(result).toMatchObject({ status: 1 });
    expect(await readFile(folder.join('remote.csv'), 'utf8')).toBe(await readFile(folder.join('local.csv'), 'utf8'));
    const { rows } = JSON.parse(result.stdout) as {
      rows: { filename: string; producers: Record<string, { version: string; modelDigest: string | null }> }[];
    };
    expect(rows).toHaveLength(files.length);
    expect(rows.at(-1)?.producers).toMatchObject({
      'net-imagehash-gru': {
        name: '@primatrix/net-imagehash-gru',
        modelDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
      ensemble: { modelDigest: null },
    });
    expect(await fleet.deadLetters()).toEqual([]);
    expect(await fleet.drain()).toEqual([0, 0]);
  });
});
