import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleParts, joinerFamily } from '@primatrix/services';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { writeDistinctClips } from '../support/distinct-clips.ts';
import { startFleet, storm } from '../support/fleet.ts';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const count = Number(process.env['PRIMATRIX_LOAD_CLIPS'] ?? 200);

it(
  `predicts ${count} clips once each while workers of every family are killed and the broker is restarted`,
  { timeout: 3_600_000 },
  async () => {
    await using folder = await temporaryFolder();
    await writeDistinctClips(join(sample.dataset, 'clips'), folder.join('clips'), count);
    const args = (out: string) => [
      'predict',
      folder.join('clips'),
      '--bundle',
      sample.bundle,
      '--out',
      folder.join(out),
    ];
    const local = await run(args('local.csv'));
    const manifest = JSON.parse(await readFile(join(sample.bundle, 'bundle.json'), 'utf8')) as Parameters<
      typeof bundleParts
    >[0];
    const families = [...new Set([joinerFamily, ...bundleParts(manifest).map(({ family }) => family)])];
    const workers = families.flatMap((family) => [[family], [family]]);
    await using fleet = await startFleet({
      bundle: sample.bundle,
      workers,
      options: ['--ack-wait', '10000', '--max-deliver', '12'],
    });
    await fleet.ready();
    const start = performance.now();
    const remote = run([...args('remote.csv'), '--remote', '--store', fleet.store, '--json'], { env: fleet.env });
    const { result, kills } = await storm(fleet, workers.length, { killEveryMs: 3_000, restartAfter: 3 }, remote);
    const seconds = Math.round((performance.now() - start) / 1000);
    const rows = (JSON.parse(result.stdout) as { rows: { filename: string }[] }).rows;
    process.stdout.write(
      `${JSON.stringify({ clips: count, workers: workers.length, kills, seconds, status: result.status, rows: rows.length })}\n`,
    );
    expect(result.status).toBe(local.status);
    expect(new Set(rows.map(({ filename }) => filename)).size).toBe(count);
    expect(await readFile(folder.join('remote.csv'), 'utf8')).toBe(await readFile(folder.join('local.csv'), 'utf8'));
    expect(await fleet.deadLetters()).toEqual([]);
    expect(await fleet.drain()).toEqual(workers.map(() => 0));
  },
);
