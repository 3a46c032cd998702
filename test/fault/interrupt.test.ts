import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { digestsBelow, filesBelow, leftovers, timesBelow } from '../support/files-below.ts';
import { run, start, type Finished, type Running } from '../support/primatrix.ts';
import { trainingOptions } from '../support/trained-sample.ts';
import { waitUntil } from '../support/wait-until.ts';

const sample = inject('trainedSample');

/** Starts a run and ends it with `stop` as soon as `moment` has come. */
async function stoppedAt(
  what: string,
  args: readonly string[],
  moment: () => Promise<boolean>,
  stop: (running: Running) => void,
): Promise<Finished> {
  const running = start(args);
  await waitUntil(what, moment, running.ended);
  stop(running);
  return running.ended;
}

const kill = (running: Running) => running.kill('SIGKILL');

describe('train', () => {
  it('goes on after kill -9 and Ctrl-C at any stage, and comes to the same bytes', async () => {
    await using folder = await temporaryFolder();
    const args = ['train', '--dataset', sample.dataset, '--artifacts', folder.path, ...trainingOptions];
    const at = (...path: string[]) => folder.join('sample', ...path);
    const tensors = async () =>
      (await filesBelow(at('features')).catch(() => [])).filter((name) => name.endsWith('.safetensors'));
    const checkpoints = async () =>
      (await readdir(at('nets/net-imagehash-gru')).catch(() => [])).filter((name) => name.includes('checkpoint'));
    const checkpointSeen = async () => (await checkpoints()).length > 0;

    const inFeatures = await stoppedAt('some features', args, async () => (await tensors()).length >= 8, kill);
    expect(inFeatures.signal).toBe('SIGKILL');
    const finished = await timesBelow(at('features'));
    const kept = Object.keys(finished)
      .filter((name) => name.endsWith('.safetensors'))
      .slice(0, -1);

    const inFold = await stoppedAt('a checkpoint', args, checkpointSeen, kill);
    expect(inFold.signal).toBe('SIGKILL');
    const later = await timesBelow(at('features'));
    // What was finished is not made again; the very last may have been written and not yet noted down.
    const again = Object.keys(finished).filter((name) => kept.includes(name) && later[name] !== finished[name]);
    expect(again.length).toBeLessThanOrEqual(1);

    const before = await Promise.all(
      (await checkpoints()).map(async (name) => readFile(at('nets/net-imagehash-gru', name))),
    );
    const moved = async () => {
      const now = await Promise.all(
        (await checkpoints()).map((name) => readFile(at('nets/net-imagehash-gru', name)).catch(() => Buffer.of())),
      );
      return (
        existsSync(at('stages/net-imagehash-gru/train-fold-1.json')) ||
        now.some((bytes) => bytes.length > 0 && !before.some((old) => old.equals(bytes)))
      );
    };
    const interrupted = await stoppedAt('another checkpoint', args, moved, (running) => running.interrupt());
    expect(interrupted).toMatchObject({ status: 130, signal: null });
    expect(interrupted.stderr).toContain('what is finished is kept');
    expect(interrupted.stderr).not.toMatch(/\n\s+at /);
    expect((await filesBelow(at())).filter((name) => name.endsWith('.tmp'))).toEqual([]);

    const inStack = await stoppedAt(
      'the second level',
      args,
      async () =>
        existsSync(at('stages/net-imagehash-gru/predict.json')) &&
        existsSync(at('stages/net-imagehash-gru/validate.json')),
      kill,
    );
    expect(inStack.signal).toBe('SIGKILL');

    const last = await run(args);
    expect(last.status).toBe(1);
    expect(leftovers(await filesBelow(at()))).toEqual([]);
    expect(await digestsBelow(at())).toEqual(await digestsBelow(sample.artifacts));
  });
});

describe('predict', () => {
  it.each([
    ['kill -9', kill, { status: null, signal: 'SIGKILL' }],
    ['Ctrl-C', (running: Running) => running.interrupt(), { status: 130, signal: null }],
  ])('goes on after %s, does not repeat what was finished, and comes to the same bytes', async (_name, stop, end) => {
    await using folder = await temporaryFolder();
    const args = (out: string) => ['predict', join(sample.dataset, 'clips'), '--bundle', sample.bundle, '--out', out];
    const undisturbed = await run(args(folder.join('undisturbed.csv')));
    expect(undisturbed.status).toBe(1);

    const out = folder.join('results', 'predictions.csv');
    await mkdir(folder.join('results'));
    const journal = join(dirname(out), '.predictions.csv.journal');
    const finished = async () => (await readFile(journal, 'utf8').catch(() => '')).split('\n').length - 3;
    const stopped = await stoppedAt('ten clips', args(out), async () => (await finished()) >= 10, stop);
    expect(stopped).toMatchObject(end);
    expect(existsSync(out)).toBe(false);
    const done = await finished();
    // The journal has no row of a clip that only the interruption broke.
    const rows = (await readFile(journal, 'utf8'))
      .trimEnd()
      .split('\n')
      .slice(2, done + 2)
      .map((line) => JSON.parse(line) as { record: { outcome: { status: string } } });
    const good = rows.filter(({ record }) => record.outcome.status !== 'failed').length;

    const resumed = await run(args(out));
    expect(resumed.status).toBe(1);
    expect(resumed.stderr).toContain(`predicted 32 clips, ${good} of them in an earlier run`);
    expect(await readFile(out, 'utf8')).toBe(await readFile(folder.join('undisturbed.csv'), 'utf8'));
    expect(await filesBelow(dirname(out))).toEqual(['predictions.csv']);
  });

  it('predicts a clip again that was replaced in between, and all of them with another bundle', async () => {
    await using folder = await temporaryFolder();
    const [other = '', ...four] = (await filesBelow(join(sample.dataset, 'clips')))
      .filter((name) => name.endsWith('.mp4'))
      .slice(5, 10);
    await mkdir(folder.join('clips'));
    const put = (from: string, to: string) => copyFile(join(sample.dataset, 'clips', from), folder.join('clips', to));
    const args = (bundle: string, out: string) => [
      'predict',
      folder.join('clips'),
      '--bundle',
      bundle,
      '--out',
      folder.join(out),
    ];
    /** Names of the clips that the journal has: several are under way at once, and which is done first is open. */
    const doneOf = async (out: string) =>
      [
        ...(await readFile(folder.join(`.${out}.journal`), 'utf8').catch(() => '')).matchAll(/"filename":"(\w\.mp4)"/g),
      ].map(([, name = '']) => name);
    const stopAfterTwo = async (out: string) => {
      const someDone = async () => (await doneOf(out)).length >= 2;
      await stoppedAt('two clips in the journal', args(sample.bundle, out), someDone, kill);
      return doneOf(out);
    };
    for (const [i, name] of four.entries()) await put(name, `${'abcd'[i] ?? ''}.mp4`);
    const [replacedClip = '', ...kept] = await stopAfterTwo('replaced.csv');
    await put(other, replacedClip);
    const replaced = await run(args(sample.bundle, 'replaced.csv'));
    expect(replaced.stderr).toContain(`predicted 4 clips, ${kept.length} of them in an earlier run`);
    await run(args(sample.bundle, 'undisturbed.csv'));
    expect(await readFile(folder.join('replaced.csv'), 'utf8')).toBe(
      await readFile(folder.join('undisturbed.csv'), 'utf8'),
    );

    await stopAfterTwo('bundle.csv');
    await cp(sample.bundle, folder.join('other'), { recursive: true });
    const manifest = JSON.parse(await readFile(folder.join('other/bundle.json'), 'utf8')) as {
      dataset: { name: string };
    };
    manifest.dataset.name = 'another';
    await writeFile(folder.join('other/bundle.json'), JSON.stringify(manifest));
    expect((await run(args(folder.join('other'), 'bundle.csv'))).stderr).toMatch(/predicted 4 clips {2}\(/);
  });
});
