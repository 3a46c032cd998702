import { chmod, copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPredictions } from '@primatrix/dataset';
import { readTensorFile } from '@primatrix/tensor-store';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { filesBelow } from '../support/files-below.ts';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const h5 = sharedData('weights/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5');
const golden = sharedData('golden/backbone');
const images = ['bird', 'cat', 'chimpanzee'];

describe.skipIf(h5 === undefined || golden === undefined)('weights import mobilenet-v2', () => {
  it('gives the golden features, on the way that clips take, and says where the weights are from', async () => {
    await using folder = await temporaryFolder();
    const env = { PRIMATRIX_WEIGHTS: folder.join('weights') };
    const imported = await run(['weights', 'import', 'mobilenet-v2', h5 ?? '', '--json'], { env });
    expect(imported.status).toBe(0);
    expect(JSON.parse(imported.stdout)).toMatchObject({ backbone: 'mobilenet-v2', parameters: 2_257_984 });
    expect((await run(['weights', 'list'], { env })).stdout).toMatch(/mobilenet-v2 +2257984 parameters/);

    const files = images.map((name) => `${golden}/${name}.png`);
    const { status, stdout, stderr } = await run(
      ['features', 'mobilenet-v2', ...files, '--profile', 'competition', '--out', folder.join('features'), '--json'],
      { env },
    );
    expect(status).toBe(0);
    expect(stderr).not.toContain('UNTRAINED');
    expect((JSON.parse(stdout) as { shape: number[] }[]).map(({ shape }) => shape)).toEqual(
      images.map(() => [1, 1280]),
    );
    for (const name of images) {
      const { features: wanted } = JSON.parse(await readFile(`${golden}/${name}.json`, 'utf8')) as {
        features: number[];
      };
      const { data } = await readTensorFile(folder.join(`features/${name}.safetensors`));
      expect(data).toHaveLength(1280);
      // Relative to the image's largest feature: single features may be 0.
      const largest = Math.max(...wanted);
      const worst = Math.max(...wanted.map((value, i) => Math.abs(value - Number(data[i]))));
      expect(worst / largest, name).toBeLessThan(1e-3);
    }
  });

  it('a bundle takes the weights with it: it predicts the same where none are imported', async () => {
    await using folder = await temporaryFolder();
    const env = { PRIMATRIX_WEIGHTS: folder.join('weights') };
    expect((await run(['weights', 'import', 'mobilenet-v2', h5 ?? ''], { env })).status).toBe(0);
    const train = [
      'train',
      '--dataset',
      sample.dataset,
      '--artifacts',
      folder.path,
      '--folds',
      '2',
      '--only',
      'net-mobilenet-gru',
      '--json',
    ];
    const trained = JSON.parse((await run(train, { env })).stdout) as {
      warnings: string[];
      places: { bundle: string };
    };
    expect(trained.warnings).toEqual([]);
    await rm(folder.join('weights'), { recursive: true });
    const submission = await readPredictions(folder.join('sample/ensemble/submission.csv'));
    const files = submission.filenames.slice(0, 3).map((name) => join(sample.dataset, 'clips', name));
    const { status, stderr } = await run([
      'predict',
      ...files,
      '--bundle',
      trained.places.bundle,
      '--out',
      folder.join('out.csv'),
    ]);
    expect({ status, untrained: stderr.includes('UNTRAINED') }).toEqual({ status: 0, untrained: false });
    const { probabilities } = await readPredictions(folder.join('out.csv'));
    probabilities.forEach((p, i) => expect(p).toBeCloseTo(submission.probabilities[i] as number, 4));
  });

  it('without weights, features say that they are untrained', async () => {
    await using folder = await temporaryFolder();
    const { status, stdout, stderr } = await run([
      'features',
      'mobilenet-v2',
      `${golden}/cat.png`,
      '--profile',
      'laptop',
      '--out',
      folder.path,
      '--json',
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain('UNTRAINED');
    expect(JSON.parse(stdout)).toMatchObject([{ weights: expect.stringContaining('UNTRAINED') }]);
    expect((await readFile(folder.join('cat.safetensors'), 'latin1')).slice(0, 2000)).toContain('UNTRAINED');
  });

  it.each<[what: string, prepare: (path: string) => Promise<void>]>([
    [
      'a file that is cut off',
      async (path) => {
        await copyFile(h5 ?? '', path);
        await chmod(path, 0o644);
        await truncate(path, 4_000_000);
      },
    ],
    ['a file that is no HDF5', (path) => writeFile(path, 'hello')],
    ['an empty file', (path) => writeFile(path, '')],
  ])('refuses %s with a reason, and keeps nothing', async (_what, prepare) => {
    await using folder = await temporaryFolder();
    await prepare(folder.join('w.h5'));
    const { status, stdout, stderr } = await run([
      'weights',
      'import',
      'mobilenet-v2',
      folder.join('w.h5'),
      '--weights',
      folder.join('weights'),
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('w.h5');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await filesBelow(folder.path)).toEqual(['w.h5']);
  });

  it("refuses another backbone's file and a file that is not there", async () => {
    await using folder = await temporaryFolder();
    const other = await run(['weights', 'import', 'vgg16', h5 ?? '', '--weights', folder.path]);
    expect(other.status).toBe(2);
    expect(other.stderr).toMatch(/VGG16|block1_conv1/);
    const gone = await run(['weights', 'import', 'vgg16', folder.join('gone.h5'), '--weights', folder.path]);
    expect(gone.status).toBe(2);
    expect(gone.stderr).toContain('gone.h5');
    expect(await filesBelow(folder.path)).toEqual([]);
  });
});
