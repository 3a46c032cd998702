import { existsSync } from 'node:fs';
import { appendFile, copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPredictions } from '@primatrix/dataset';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../support/primatrix.ts';

const shared = sharedData('models');

describe.skipIf(shared === undefined)('training with models that are files', () => {
  let folder: TemporaryFolder;
  const models = ['--model', 'yolox-nano', '--model', 'tiny-dino'];
  const options = ['--dataset', 'sample', '--folds', '2', '--only', 'none'];
  /** Models are found in the folder of the test alone: a bundle must bring its own. */
  const primatrix = (args: readonly string[], models = 'models') =>
    run(args, { cwd: folder.path, env: { PRIMATRIX_MODELS: folder.join(models) } });
  const text = (path: string) => readFile(folder.join(path), 'utf8');
  const manifestOf = (family: string, task: string) => text(`artifacts/sample/stages/${family}/${task}.json`);

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-models-');
    // As Hugging Face exports it; the card of SPARROW-Engine beside it would go before.
    await mkdir(folder.join('tiny-dino'));
    for (const name of ['model.onnx', 'config.json', 'preprocessor_config.json']) {
      await copyFile(join(shared as string, 'tiny-dino-encoder', name), folder.join('tiny-dino', name));
    }
    for (const [place, ...words] of [
      [folder.join('tiny-dino'), '--licence', 'own', '--output', 'pooler_output'],
      [join(shared as string, 'yolox-nano'), '--licence', 'Apache-2.0', '--commercial-use'],
    ]) {
      const added = await primatrix(['models', 'add', place as string, ...words]);
      expect(added.status, added.stderr).toBe(0);
    }
    const sample = await primatrix(['sample', '--out', 'sample', '--clips', '16']);
    expect(sample.status, sample.stderr).toBe(0);
    const trained = await primatrix(['train', ...options, ...models]);
    expect([0, 1], trained.stderr).toContain(trained.status);
    expect(trained.stdout).toContain('net-frame-statistics-tiny-dino ');
    // The detector's boxes are in its tensors: pictures of the report hide people by them.
    expect(await text('artifacts/sample/report/index.html')).toContain(
      'People are blurred where the detector saw them.',
    );
    expect(trained.stdout).toContain('tiny-dino: nobody has said whether its licence (own) allows commercial use');
    // Its bundle is all that is left of them.
    await cp(folder.join('artifacts/sample/bundle'), folder.join('elsewhere'), { recursive: true });
  });
  afterAll(() => folder.remove());

  it("gives stackers the detector's columns, and the encoder's through the net over its vectors", async () => {
    const columns = (await text('artifacts/sample/second-level/dictionary.csv'))
      .split('\n')
      .map((line) => line.split(',')[0]);
    expect(columns).toContain('yolox-nano/animal_score');
    expect(columns).toContain('net-frame-statistics-tiny-dino/blank');
    expect(columns).toContain('net-linear-probe-tiny-dino/blank');
    expect(columns.some((name) => name?.startsWith('tiny-dino/'))).toBe(false);
  });

  it('predicts, inspects and says licences with the bundle alone', async () => {
    const clips = ['sample/clips/clip_0001.mp4', 'sample/clips/clip_0002.mp4'];
    const predicted = await primatrix(['predict', ...clips, '--bundle', 'elsewhere', '--out', 'p.csv'], 'none');
    expect(predicted.status, predicted.stderr).toBe(0);
    expect(predicted.stderr).toContain('warning: tiny-dino: nobody has said');
    expect((await readPredictions(folder.join('p.csv'))).filenames).toHaveLength(2);
    const { stdout } = await primatrix(['inspect', clips[0] as string, '--bundle', 'elsewhere'], 'none');
    expect(stdout).toMatch(/tiny-dino 1\.0\.0 .*licence own/);
    expect(stdout).toMatch(/net-frame-statistics-tiny-dino /);
    expect(existsSync(folder.join('none'))).toBe(false);
  });

  it('refits a bundle, whose models go along', async () => {
    const [header, first = '', second = ''] = (await text('sample/train_labels.csv')).split('\n');
    // Two clips of different classes, each said to be of the other's.
    const swapped = [first, second].map((row, i, rows) =>
      [row.split(',')[0], ...(rows[1 - i] as string).split(',').slice(1)].join(','),
    );
    await writeFile(folder.join('labels.csv'), [header, ...swapped, ''].join('\n'));
    const args = ['refit', '--bundle', 'artifacts/sample/bundle', '--labels', 'labels.csv', '--out', 'again'];
    const { status, stderr } = await primatrix(args, 'none');
    expect(status, stderr).toBe(0);
    expect(await text('again/models/yolox-nano/labels.csv')).toBe(await text('elsewhere/models/yolox-nano/labels.csv'));
    const out = ['--bundle', 'again', '--out', 'p2.csv'];
    expect((await primatrix(['predict', 'sample/clips/clip_0001.mp4', ...out], 'none')).status).toBe(0);
  });

  it('predicts from a few labels, without any training, each clip once', async () => {
    const [, ...labelled] = (await text('sample/train_labels.csv')).trim().split('\n');
    const clips = labelled.slice(0, 8).map((row) => `sample/clips/${row.split(',')[0]}`);
    const args = ['predict', ...clips, '--model', 'tiny-dino', '--labels', 'sample/train_labels.csv'];
    const { stdout, stderr } = await primatrix([...args, '--out', 'few.csv', '--json']);
    const { summary, score, rows } = JSON.parse(stdout) as {
      summary: { files: number };
      score: { labelled: number; judged: number; classes: string[]; by: string; score: { accuracy: number } };
      rows: { filename: string; members: object }[];
    };
    expect(new Set(rows.map(({ filename }) => filename)).size, stderr).toBe(8);
    expect(summary.files).toBe(8);
    expect(score.by).toBe('clip');
    expect(score.judged).toBeLessThanOrEqual(score.labelled);
    expect(Object.keys(rows[0]?.members ?? {})).toEqual(['linear-probe', 'neighbours']);
    for (const [more, message] of [
      [
        ['--model', 'yolox-nano', '--labels', 'sample/train_labels.csv'],
        'yolox-nano makes no vectors [FEW_LABELS_MODEL]',
      ],
      [['--bundle', 'elsewhere', '--labels', 'sample/train_labels.csv'], '--labels needs a --model'],
    ] as const) {
      const refused = await primatrix(['predict', 'sample/clips', ...more, '--out', 'few2.csv']);
      expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  it('refuses a bundle whose model was changed', async () => {
    await cp(folder.join('elsewhere'), folder.join('damaged'), { recursive: true });
    await appendFile(folder.join('damaged/models/yolox-nano/labels.csv'), '80,unicorn,animal,,\n');
    const args = ['predict', 'sample/clips/clip_0001.mp4', '--bundle', 'damaged', '--out', 'p3.csv'];
    const { status, stderr } = await primatrix(args);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('damaged/models/yolox-nano/labels.csv is not the file'),
    ]);
  });

  it('makes again what a changed card changes, and no more; stages find the models, too', async () => {
    const card = 'models/tiny-dino/model.json';
    const [encoder, detector] = [await manifestOf('tiny-dino', 'features'), await manifestOf('yolox-nano', 'features')];
    const stage = (name: string, ...more: string[]) => primatrix(['stage', name, ...options, ...more]);
    expect((await stage('tiny-dino:features', ...models)).stderr).toContain('tiny-dino:features: cached');
    expect((await stage('tiny-dino:features')).stderr).toContain('[STAGE_UNKNOWN]');
    await writeFile(folder.join(card), (await text(card)).replace('"summary": "', '"summary": "also: '));
    expect((await stage('tiny-dino:features', ...models)).stderr).toContain('tiny-dino:features: cached');
    await writeFile(folder.join(card), (await text(card)).replace('0.485', '0.5'));
    expect((await stage('tiny-dino:features', ...models)).stderr).toContain('tiny-dino:features: done');
    expect((await stage('yolox-nano:features', ...models)).stderr).toContain('yolox-nano:features: cached');
    expect(await manifestOf('tiny-dino', 'features')).not.toBe(encoder);
    expect(await manifestOf('yolox-nano', 'features')).toBe(detector);
  });

  it('refuses a model that is named twice or is not there, before anything is made', async () => {
    const train = (...more: string[]) => primatrix(['train', ...options, '--artifacts', 'no', ...more]);
    const twice = await train('--model', 'yolox-nano', '--model', './models/yolox-nano');
    expect([twice.status, twice.stderr]).toEqual([
      2,
      expect.stringContaining("a family 'yolox-nano' already [MODEL_NAME]"),
    ]);
    const unknown = await train('--model', 'yolox-nan');
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('did you mean yolox-nano?')]);
    expect(existsSync(folder.join('no'))).toBe(false);
  });
});
