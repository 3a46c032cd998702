import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ffmpegPath } from '@primatrix/video';
import { natsServerAvailable, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { digestsBelow, filesBelow } from '../support/files-below.ts';
import { startFleet, type Fleet } from '../support/fleet.ts';
import { run, start, type Running } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const options = ['--folds', '2', '--only', 'net-imagehash-gru'];
const trainers = [['trainer'], ['trainer'], ['trainer']];
/** A lease is short, so that what was killed is soon another's. */
const serving = (shared: string) => ['--shared', shared, '--threads', '1', '--ack-wait', '2000', '--max-deliver', '12'];

/** `<machine>-<process id>  <stage>`, as a training says who has what; of the stages that match. */
function pidsAt(stage: RegExp, heard: string): number[] {
  const lines = [...heard.matchAll(/^\S+-(\d+) {2}(\S+)/gm)];
  return [...new Set(lines.filter(([, , name]) => stage.test(name ?? '')).map(([, pid]) => Number(pid)))];
}

/** Waits until the folds of a net are being trained, and says by whom: two process ids. */
async function trainingFolds(remote: Running): Promise<readonly number[]> {
  const heard = await Promise.all([1, 2].map((fold) => remote.says(`:train-fold-${fold}\n`)));
  const pids = pidsAt(/:train-fold-/, heard.join('\n'));
  expect(pids, heard.join('\n')).toHaveLength(2);
  return pids;
}

describe.skipIf(!natsServerAvailable())('train --remote', () => {
  it('shares features out among trainers, who decode no clip twice and come to the bytes of one process', async () => {
    await using folder = await temporaryFolder();
    const names = (await filesBelow(join(sample.dataset, 'clips'))).slice(0, 12);
    await cp(sample.dataset, folder.join('sample'), {
      recursive: true,
      filter: (path) => !/clip_\d/.test(path) || names.some((name) => path.endsWith(name)),
    });
    const decoded = await countedDecoder(folder);
    await using fleet = await startFleet({
      workers: [['trainer'], ['trainer']],
      options: serving(folder.path),
      env: { FFMPEG_PATH: decoded.path, PRIMATRIX_FFMPEG_LOG: folder.join('decoded.log') },
    });
    await fleet.ready();
    const stage = (name: string) =>
      run(
        [
          'stage',
          name,
          '--remote',
          '--dataset',
          folder.join('sample'),
          '--artifacts',
          folder.join('results'),
          ...options,
        ],
        { env: fleet.env },
      );
    for (const name of ['video-ingest:ingest', 'image-hash:features']) {
      const { status, stderr } = await stage(name);
      expect(status, stderr).toBe(0);
    }
    const lines = (await readFile(folder.join('decoded.log'), 'utf8'))
      .split('\n')
      .filter((line) => line.includes(' -i '));
    // Pictures and sound are a call each.
    const calls = lines.map((line) => line.slice(line.indexOf(' ')));
    expect(new Set(calls).size).toBe(calls.length);
    const trainersOf = lines.map((line) => line.slice(0, line.indexOf(' ')));
    const shares = [...new Set(trainersOf)].map(
      (pid) => trainersOf.filter((other) => other === pid).length / lines.length,
    );
    expect(shares).toHaveLength(2);
    expect(Math.min(...shares)).toBeGreaterThan(0.2);
    // Of an unreadable clip there is none.
    for (const name of names) {
      const tensor = `features/image-hash/${name}.safetensors`;
      const [made, expected] = await Promise.all(
        [folder.join('results/sample'), sample.artifacts].map((place) =>
          readFile(join(place, tensor)).catch(() => null),
        ),
      );
      expect(made, name).toEqual(expected);
    }
  });
});

// The whole of it takes minutes of computing.
describe.skipIf(!natsServerAvailable() || process.env['PRIMATRIX_LOAD'] === undefined)('train --remote, whole', () => {
  const trained = async (folder: TemporaryFolder) => {
    const dataset = folder.join('sample');
    const made = await run(['sample', '--out', dataset, '--clips', '24']);
    expect(made.status, made.stderr).toBe(0);
    const args = (artifacts: string) => ['--dataset', dataset, '--artifacts', folder.join(artifacts), ...options];
    const local = await run(['train', ...args('local')]);
    return { args, local };
  };
  const expectSame = async (folder: TemporaryFolder) =>
    expect(await digestsBelow(folder.join('remote/sample'))).toEqual(await digestsBelow(folder.join('local/sample')));
  const finished = async (remote: Running, local: { readonly status: number | null }, fleet: Fleet) => {
    const { status, stderr } = await remote.ended;
    expect(status, stderr).toBe(local.status);
    expect(await fleet.deadLetters()).toEqual([]);
  };

  it('comes to the bytes of one process while two of three trainers are killed as they train, and the broker once', async () => {
    await using folder = await temporaryFolder();
    const { args, local } = await trained(folder);
    await using fleet = await startFleet({ workers: trainers, options: serving(folder.path) });
    await fleet.ready();
    const remote = start(['train', '--remote', ...args('remote')], { env: fleet.env });
    const victims = await trainingFolds(remote);
    // Past the first checkpoint, where the machine is slow enough for one.
    await sleep(6_000);
    for (const pid of victims) await fleet.kill(pid);
    await fleet.server.kill();
    await fleet.server.restart();
    await finished(remote, local, fleet);
    await expectSame(folder);
  }, 900_000);

  it('comes to them while each of three brokers is killed and started again', async () => {
    await using folder = await temporaryFolder();
    const { args, local } = await trained(folder);
    await using fleet = await startFleet({ workers: trainers, options: serving(folder.path), brokers: 3 });
    await fleet.ready();
    const remote = start(['train', '--remote', ...args('remote')], { env: fleet.env });
    await remote.says(':features (a part)');
    for (const server of fleet.servers) {
      await server.kill();
      await sleep(1_000);
      await server.restart();
      await fleet.settled();
    }
    await finished(remote, local, fleet);
    await expectSame(folder);
  }, 900_000);
});

/** A decoder that writes down for whom it decodes what, and then decodes. */
async function countedDecoder(folder: TemporaryFolder): Promise<{ readonly path: string }> {
  const path = folder.join('ffmpeg');
  // The process that starts it is the trainer.
  const script = `#!/bin/sh\necho "$PPID $*" >> "$PRIMATRIX_FFMPEG_LOG"\nexec '${ffmpegPath()}' "$@"\n`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return { path };
}
