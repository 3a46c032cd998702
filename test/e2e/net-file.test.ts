import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPredictions } from '@primatrix/dataset';
import type { NetFile } from '@primatrix/families';
import { temporaryFolder, workspaceRoot, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type Finished } from '../support/primatrix.ts';

const train = { optimizer: { kind: 'adam' }, batch: 8, stepsPerEpoch: 2, maxEpochs: 2, patience: 2 } as const;
const pooled: NetFile = {
  summary: 'order-free pooling',
  reads: 'image-hash',
  laptop: { crop: [60], crops: 3, train, layers: [{ type: 'GlobalMaxPooling1D' }] },
};
const cube: NetFile = {
  summary: 'tiny clips',
  reads: 'micro',
  laptop: {
    crop: [4, 6, 6],
    crops: 1,
    other: false,
    featureSettings: { frames: 6, size: 8 },
    train,
    layers: [{ type: 'Rescaling', scale: 1 / 256 }, { type: 'Flatten' }],
  },
};

describe('nets of files', () => {
  let folder: TemporaryFolder;
  let first: Finished;
  const options = ['--dataset', 'sample', '--folds', '2', '--only', 'none'];
  const nets = ['--net', 'pooled.json,cube.json'];
  const primatrix = (...args: string[]) => run(args, { cwd: folder.path });
  const write = (name: string, net: unknown) => writeFile(folder.join(name), JSON.stringify(net));
  const bundle = async () =>
    JSON.parse(await readFile(folder.join('artifacts/sample/bundle/bundle.json'), 'utf8')) as {
      nets: { family: string; version: string }[];
      features: { family: string; settings: object }[];
    };

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-net-file-');
    await write('pooled.json', pooled);
    await write('cube.json', cube);
    const sample = await primatrix('sample', '--out', 'sample', '--clips', '16');
    expect(sample.status, sample.stderr).toBe(0);
    first = await primatrix('train', ...options, ...nets);
  });
  afterAll(() => folder.remove());

  it('are trained, and their features made as they want them', async () => {
    expect([0, 1], first.stderr).toContain(first.status);
    expect(first.stdout).toMatch(/^pooled .*\ncube /m);
    // Nobody reads what one of them says of clips in no table.
    const predicted = JSON.parse(await readFile(folder.join('artifacts/sample/stages/cube/predict.json'), 'utf8')) as {
      summary: object;
    };
    expect(predicted.summary).toMatchObject({ other: 0 });
    const { nets, features } = await bundle();
    expect(nets.map(({ family }) => family).sort()).toEqual(['cube', 'pooled']);
    for (const { version } of nets) expect(version).toMatch(/^0\.0\.0\+[0-9a-f]{12}$/);
    expect(features.find(({ family }) => family === 'micro')?.settings).toEqual({
      frames: 6,
      size: 8,
      resize: 'area',
    });
  });

  it('predict from the bundle, whose files are not needed any more', async () => {
    const clip = join(
      'sample/clips',
      (await readFile(folder.join('sample/train_labels.csv'), 'utf8'))
        .split(/[\n,]/)
        .find((word) => word.endsWith('.mp4')) as string,
    );
    const args = ['predict', clip, '--bundle', folder.join('artifacts/sample/bundle'), '--out', folder.join('p.csv')];
    const { status, stderr } = await run(args, { cwd: folder.path });
    expect(status, stderr).toBe(0);
    expect((await readPredictions(folder.join('p.csv'))).filenames).toHaveLength(1);
  });

  it('are not trained again, but where they change, and no other net then', async () => {
    expect((await primatrix('train', ...options, ...nets)).stderr).toMatch(/(\d+) stages, \1 of them unchanged/);
    const manifest = (net: string) => readFile(folder.join(`artifacts/sample/stages/${net}/train-fold-1.json`), 'utf8');
    const [before, other] = [await manifest('pooled'), await manifest('cube')];
    await write('pooled.json', { ...pooled, laptop: { ...pooled.laptop, crop: [30] } });
    const { status, stderr } = await primatrix('train', ...options, ...nets);
    expect([0, 1], stderr).toContain(status);
    expect(await manifest('pooled')).not.toBe(before);
    expect(await manifest('cube')).toBe(other);
  });

  it('are found by stage, where it is given the same files', async () => {
    const stage = ['stage', 'pooled:validate', ...options];
    expect((await primatrix(...stage, ...nets)).stderr).toContain('pooled:validate: cached');
    expect((await primatrix(...stage)).stderr).toContain('[STAGE_UNKNOWN]');
  });

  it.each<[string, string, unknown, string[]]>([
    ['NET_FILE', 'wrong.json', { ...pooled, laptop: { ...pooled.laptop, crop: 60 } }, ['wrong.json: laptop.crop: ']],
    ['NET_NAME', 'net-vgg16-gru.json', pooled, ['net-vgg16-gru.json', "'net-vgg16-gru' already"]],
    ['NET_PROFILE', 'late.json', { ...pooled, laptop: undefined, competition: pooled.laptop }, ['late.json', 'laptop']],
    [
      'NET_FEATURES',
      'bigger.json',
      { ...cube, laptop: { ...cube.laptop, featureSettings: { size: 9 } } },
      ['cube and bigger', '{"frames":6,"size":8} and {"size":9}'],
    ],
    [
      'NET_SPEC',
      'flat.json',
      { ...pooled, laptop: { ...pooled.laptop, layers: [{ type: 'Flatten' }, { type: 'GRU', units: 3 }] } },
      ["layer 'gru_1' of net 'flat'"],
    ],
  ])('%s: %s is refused before anything is made', async (code, name, net, words) => {
    await write(name, net);
    const { status, stderr } = await primatrix(
      'train',
      ...options,
      '--artifacts',
      'no',
      '--net',
      'cube.json',
      '--net',
      name,
    );
    expect(status, stderr).toBe(2);
    expect(stderr).toContain(`[${code}]`);
    for (const word of words) expect(stderr).toContain(word);
    expect(existsSync(folder.join('no'))).toBe(false);
  });

  it('are the variants of the 3D net too', async () => {
    const variant = join(workspaceRoot(), 'apps/families/nets/net-conv3d/variants/vgg3d-nano.json');
    const { status, stdout } = await primatrix(
      ...['train', ...options, '--profile', 'competition', '--net', variant, '--dry-run'],
    );
    expect(status).toBe(0);
    expect(stdout).toContain('vgg3d-nano:train-fold-2');
  });
});
