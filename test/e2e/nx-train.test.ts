import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { natsServerAvailable, startNatsServer, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyWorkspace, type CopiedWorkspace, type NxRun } from '../support/copied-workspace.ts';
import { digestsBelow } from '../support/files-below.ts';
import { run, startProgram } from '../support/primatrix.ts';

const minutes = 60_000;
const changedNet = 'net-imagehash-gru';
const otherNet = 'net-mobilenet-gru';
const nets = 'apps/families/nets';

// Some minutes: PRIMATRIX_QUICK=1 leaves it out.
describe.skipIf(process.env['PRIMATRIX_QUICK'] !== undefined)('training as tasks of Nx', () => {
  let workspace: CopiedWorkspace;
  let scratch: TemporaryFolder;
  let first: NxRun;
  let firstFiles: Record<string, string>;

  /** Half of what the other tests train on: here every stage is a process of its own, four times over. */
  let dataset: string;
  const artifacts = () => join(workspace.path, 'artifacts/sample');
  const train = async (options: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
    // No imported weights: those of whoever runs this must not matter.
    const weights = { PRIMATRIX_WEIGHTS: scratch.join('no-weights') };
    const env = { PRIMATRIX_DATASET: dataset, PRIMATRIX_FOLDS: '2', ...weights, ...more };
    const trained = await workspace.nx(['run-many', '-t', 'train', '--output-style=static', ...options], env);
    expect(trained.status, trained.output).toBe(0);
    process.stdout.write(
      `nx run-many -t train: ${trained.executed.length} executed, ${trained.restored.length} restored, ${trained.seconds.toFixed(0)} s\n`,
    );
    return trained;
  };
  const settingsFile = () => join(workspace.path, nets, changedNet, 'net.json');

  beforeAll(async () => {
    scratch = await temporaryFolder('primatrix-nx-train-');
    dataset = scratch.join('sample');
    const sample = await run(['sample', '--out', dataset, '--clips', '16']);
    expect(sample.status, sample.stderr).toBe(0);
    workspace = await copyWorkspace({ built: true });
    await keepTwoNets(workspace);
    first = await train();
    firstFiles = await digestsBelow(artifacts());
  }, 10 * minutes);

  afterAll(async () => {
    await workspace?.[Symbol.asyncDispose]();
    await scratch?.remove();
  });

  it('runs every stage the first time', () => {
    expect(stagesOf(first.restored)).toEqual([]);
    expect(stagesOf(first.executed)).toContain(`${otherNet}:train-fold-2`);
    expect(stagesOf(first.executed)).toContain('ensemble:report');
  });

  it(
    'leaves the same files, byte for byte, as primatrix train',
    async () => {
      const args = [
        'train',
        '--dataset',
        dataset,
        '--artifacts',
        scratch.join('artifacts'),
        '--folds',
        '2',
        '--weights',
        scratch.join('no-weights'),
      ];
      const { status, output } = await workspace.node(['apps/primatrix/bin/primatrix.js', ...args]);
      // 1: the sample has a clip that cannot be read.
      expect([0, 1], output).toContain(status);
      expect(await digestsBelow(scratch.join('artifacts/sample'))).toEqual(firstFiles);
    },
    5 * minutes,
  );

  // Every stage once more, each with a question over the bus.
  it.skipIf(process.env['PRIMATRIX_LOAD'] === undefined || !natsServerAvailable())(
    'hands its stages to trainers, who come to the same files',
    async () => {
      await rm(artifacts(), { recursive: true });
      await using broker = await startNatsServer();
      const NATS_URL = broker.url;
      // Their own code, in which two nets are left; what they may touch is this test's, in two folders.
      const serve = join(workspace.path, 'apps/primatrix/bin/primatrix.js');
      const options = ['--shared', dirname(scratch.path), '--threads', '1', '--weights', scratch.join('no-weights')];
      const trainers = [1, 2].map(() => startProgram(serve, ['serve', 'trainer', ...options], { env: { NATS_URL } }));
      try {
        await Promise.all(trainers.map((trainer) => trainer.says('serving ')));
        const remote = await train(['--skip-nx-cache', '--parallel=4'], { NATS_URL, PRIMATRIX_REMOTE: '1' });
        expect(stagesOf(remote.executed)).toEqual(stagesOf(first.executed));
        // Each of the two had some of them: who asks says whose process has what.
        const whose = [...remote.output.matchAll(/^\S+-(\d+) {2}\S+:/gm)].map(([, pid]) => Number(pid));
        expect(new Set(whose), remote.output).toEqual(new Set(trainers.map(({ pid }) => pid)));
      } finally {
        for (const trainer of trainers) trainer.kill('SIGTERM');
        await Promise.all(trainers.map(({ ended }) => ended));
      }
      expect(await digestsBelow(artifacts())).toEqual(firstFiles);
    },
    10 * minutes,
  );

  it(
    'trains again a net whose settings changed and what depends on it, nothing else, and restores the rest from the cache',
    async () => {
      const settings = await readFile(settingsFile(), 'utf8');
      await writeFile(settingsFile(), settings.replaceAll('"maxEpochs": 2', '"maxEpochs": 3'));
      const changed = await train();
      const concerned = stagesOf(first.executed).filter((name) =>
        /^(net-imagehash-gru:|neighbours:table|stack-[^:]*:train-|ensemble:)/.test(name),
      );
      expect(stagesOf(changed.executed)).toEqual(concerned);
      expect(await digestsBelow(artifacts())).not.toEqual(firstFiles);

      // Back again: Nx restores every stage from its cache. Of those that were trained again it has the manifests
      // still, but the files are those of the other settings by now; of the others the manifests were removed.
      await writeFile(settingsFile(), settings);
      await rm(join(artifacts(), 'stages', otherNet), { recursive: true });
      await rm(join(artifacts(), 'stages/video-ingest'), { recursive: true });
      const back = await train();
      expect(stagesOf(back.executed)).toEqual([]);
      expect(stagesOf(back.restored)).toEqual(stagesOf(first.executed));
      expect(await digestsBelow(artifacts())).toEqual(firstFiles);
    },
    10 * minutes,
  );

  it(
    'follows the pipeline in nx affected',
    async () => {
      const { output } = await workspace.node([
        'node_modules/nx/dist/bin/nx.js',
        'show',
        'projects',
        '--affected',
        '--files=apps/families/features/image-hash/src/family.ts',
        '--json',
      ]);
      const affected = JSON.parse(output.slice(output.indexOf('['))) as string[];
      expect(affected).toEqual(expect.arrayContaining(['image-hash', changedNet, 'stack-lightgbm', 'ensemble']));
      expect(affected).not.toContain(otherNet);
    },
    minutes,
  );
});

/** Without builds and `train`, which only sees to it that files are in place. */
function stagesOf(tasks: readonly string[]): string[] {
  return tasks.filter((task) => !/:(build|train|sample)$/.test(task));
}

/** Two nets with short trainings: what is tested is which trainings run, not what they learn. */
async function keepTwoNets(workspace: CopiedWorkspace): Promise<void> {
  const manifestFile = join(workspace.path, 'apps/primatrix/package.json');
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as { dependencies: Record<string, string> };
  for (const net of await readdir(join(workspace.path, nets))) {
    if (net === changedNet || net === otherNet) {
      const file = join(workspace.path, nets, net, 'net.json');
      const text = await readFile(file, 'utf8');
      await writeFile(
        file,
        text
          .replaceAll(/"maxEpochs": \d+/g, '"maxEpochs": 2')
          .replaceAll(/"stepsPerEpoch": \d+/g, '"stepsPerEpoch": 2'),
      );
    } else {
      await rm(join(workspace.path, nets, net), { recursive: true });
      delete manifest.dependencies[`@primatrix/${net}`];
    }
  }
  await writeFile(manifestFile, JSON.stringify(manifest));
  const sync = await workspace.node(['node_modules/nx/dist/bin/nx.js', 'sync']);
  expect(sync.status, sync.output).toBe(0);
}
