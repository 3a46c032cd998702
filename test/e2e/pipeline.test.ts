import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readLabels, readOrigins, readPredictions } from '@primatrix/dataset';
import { readNetPredictions } from '@primatrix/feature-table';
import { predictNet } from '@primatrix/nets';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { digestsBelow, filesBelow, leftovers, timesBelow } from '../support/files-below.ts';
import { run } from '../support/primatrix.ts';
import { trainingOptions } from '../support/trained-sample.ts';

const sample = inject('trainedSample');
const members = ['nets/net-imagehash-gru', 'stack/stack-lightgbm-a', 'stack/stack-lightgbm-b'];

describe('train', () => {
  it('leaves what the manual says, and nothing half-done', async () => {
    const files = await filesBelow(sample.artifacts);
    expect(files).toEqual(
      expect.arrayContaining([
        'manifest.parquet',
        'neighbours/train.parquet',
        'neighbours/test.parquet',
        'neighbours/other.parquet',
        'second-level/dictionary.csv',
        'ensemble/submission.csv',
        'ensemble/weights.json',
        'report/index.html',
        'bundle/bundle.json',
        ...[
          'fold-1.onnx',
          'fold-2.onnx',
          'card.json',
          'history.csv',
          'train.parquet',
          'test.parquet',
          'other.parquet',
        ].map((file) => `nets/net-imagehash-gru/${file}`),
      ]),
    );
    expect(
      files.filter((file) => file.startsWith('features/image-hash/') && file.endsWith('.safetensors')),
    ).toHaveLength(31);
    expect(leftovers(files)).toEqual([]);
  });

  it('accounts for every clip, damaged ones with their reason', () => {
    const summary = JSON.parse(sample.trainingSummary) as {
      clips: object;
      faults: { status: string; fault: string; filename: string }[];
    };
    const { damaged } = JSON.parse(sample.sampleSummary) as { damaged: { file: string; damage: string }[] };
    const wanted = {
      text: ['failed', 'not-media'],
      cut: ['degraded', 'truncated'],
      middle: ['degraded', 'damaged'],
    } as Record<string, string[]>;
    expect(summary.clips).toEqual({ total: 32, ok: 29, degraded: 2, failed: 1 });
    expect(summary.faults.map(({ filename, status, fault }) => [filename, status, fault]).sort()).toEqual(
      damaged.map(({ file, damage }) => [file, ...(wanted[damage] ?? [])]).sort(),
    );
  });

  it('predicts every labelled clip once, in the fold whose model did not see it, and keeps sites together', async () => {
    const labels = await readLabels(join(sample.dataset, 'train_labels.csv'));
    const origins = await readOrigins(join(sample.dataset, 'clips.csv'));
    const folds = JSON.parse(await readFile(join(sample.artifacts, 'ingest/folds.json'), 'utf8')) as string[][];
    const foldOf = new Map(folds.flatMap((names, i) => names.map((name) => [name, i + 1] as const)));
    // All labelled clips of the sample can be read, if only in part.
    expect(folds.flat().sort()).toEqual([...labels.filenames].sort());
    const sites = folds.map((names) => new Set(names.map((name) => origins.byFilename.get(name)?.site)));
    expect([...(sites[0] ?? [])].filter((site) => sites[1]?.has(site))).toEqual([]);
    for (const member of members) {
      const table = await readNetPredictions(join(sample.artifacts, member, 'train.parquet'), labels.classes);
      expect([...table.filenames].sort()).toEqual([...labels.filenames].sort());
      table.filenames.forEach((name, row) => expect([name, table.folds?.[row]]).toEqual([name, foldOf.get(name)]));
      expect(table.probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
    }
  });

  it('has of each clip what the model of its fold says, and the other model would say otherwise', async () => {
    // The number of the fold beside a prediction is a claim; this computes the predictions again.
    interface Card {
      readonly classes: string[];
      readonly settings: { readonly crop: number[]; readonly crops: number; readonly padding?: 'repeat' | 'zero' };
    }
    const net = join(sample.artifacts, 'nets/net-imagehash-gru');
    const { classes, settings } = JSON.parse(await readFile(join(net, 'card.json'), 'utf8')) as Card;
    const table = await readNetPredictions(join(net, 'train.parquet'), classes);
    const samples = table.filenames.map((name) => ({
      tensor: join(sample.artifacts, `features/image-hash/${name}.safetensors`),
    }));
    const [first, second] = await Promise.all(
      [1, 2].map((fold) =>
        predictNet(join(net, `fold-${fold}.onnx`), samples, {
          input: [...settings.crop, 128],
          classes: classes.length,
          crops: settings.crops,
          padding: settings.padding ?? 'repeat',
          threads: 1,
        }),
      ),
    );
    table.filenames.forEach((name, row) => {
      const [own, other] = table.folds?.[row] === 1 ? [first, second] : [second, first];
      const of = (values: Float32Array | undefined) =>
        [...(values ?? [])].slice(row * classes.length, (row + 1) * classes.length);
      const written = [...table.probabilities].slice(row * classes.length, (row + 1) * classes.length);
      written.forEach((p, i) => expect(p, name).toBeCloseTo(of(own)[i] as number, 5));
      expect(Math.max(...written.map((p, i) => Math.abs(p - (of(other)[i] as number)))), name).toBeGreaterThan(1e-4);
    });
  });

  it('would not notice the labels of a fold while it predicts that fold', async () => {
    // The strict form of the rule above: with the labels of fold 1 changed, the models that predict fold 1 stay the same.
    await using folder = await temporaryFolder();
    const [first = []] = JSON.parse(await readFile(join(sample.artifacts, 'ingest/folds.json'), 'utf8')) as string[][];
    const history = async (artifacts: string, fold: number) => {
      const rows = (await readFile(join(artifacts, 'nets/net-imagehash-gru/history.csv'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split(','));
      return rows.filter((row) => row[0] === `${fold}`).map(([, epoch, loss]) => [epoch, loss]);
    };
    const text = await readFile(join(sample.dataset, 'train_labels.csv'), 'utf8');
    const [header = '', ...lines] = text.trim().split('\n');
    const rows = lines.map((line) => ({
      name: line.slice(0, line.indexOf(',')),
      labels: line.slice(line.indexOf(',')),
    }));
    // Within a site, two clips of fold 1 exchange their labels: for dealing out the folds, nothing has changed.
    const { byFilename } = await readOrigins(join(sample.dataset, 'clips.csv'));
    const inFirst = rows.filter(({ name }) => first.includes(name));
    const pairs = inFirst.flatMap((a) => inFirst.map((b) => [a, b] as const));
    const [a, b] =
      pairs.find(
        ([one, other]) =>
          one.labels !== other.labels && byFilename.get(one.name)?.site === byFilename.get(other.name)?.site,
      ) ?? [];
    const exchanged = rows.map((row) => `${row.name}${(row === a ? b : row === b ? a : row)?.labels}`);
    const labels = folder.join('labels.csv');
    await writeFile(labels, `${[header, ...exchanged].join('\n')}\n`);
    const trained = await run([
      'train',
      '--dataset',
      sample.dataset,
      '--labels',
      labels,
      '--artifacts',
      folder.path,
      ...trainingOptions,
    ]);
    expect(trained.status).toBe(1);
    expect(exchanged).not.toEqual(lines);
    expect((JSON.parse(await readFile(folder.join('sample/ingest/folds.json'), 'utf8')) as string[][])[0]).toEqual(
      first,
    );
    const [before, after] = await Promise.all([history(sample.artifacts, 1), history(folder.join('sample'), 1)]);
    const epochs = Math.min(before.length, after.length);
    expect(epochs).toBeGreaterThan(1);
    // Only where to stop may differ: that is read off the validation loss.
    expect(after.slice(0, epochs)).toEqual(before.slice(0, epochs));
  });

  it('finds everything done the second time, and trains again only what other settings change', async () => {
    await using folder = await temporaryFolder();
    // With what lies beside it: ingest knows clips by their size and time.
    await cp(dirname(sample.artifacts), folder.path, { recursive: true, preserveTimestamps: true });
    const args = ['train', '--dataset', sample.dataset, '--artifacts', folder.path, '--json'];
    const before = await timesBelow(folder.path);
    const again = await run([...args, ...trainingOptions]);
    expect(again.stderr).toMatch(/trained: (\d+) stages, \1 of them unchanged/);
    expect(JSON.parse(again.stdout).members).toEqual(JSON.parse(sample.trainingSummary).members);
    expect(await timesBelow(folder.path)).toEqual(before);
  });
});

describe('bundle, predict and score', () => {
  it('predict with a copied bundle agrees with the submission, and scores', async () => {
    await using folder = await temporaryFolder();
    const bundled = await run([
      'bundle',
      '--dataset',
      sample.dataset,
      '--artifacts',
      join(sample.artifacts, '..'),
      '--out',
      folder.join('bundle'),
      ...trainingOptions,
    ]);
    expect(bundled).toMatchObject({ status: 0 });
    expect(await digestsBelow(folder.join('bundle'))).toEqual(await digestsBelow(sample.bundle));

    const submission = await readPredictions(join(sample.artifacts, 'ensemble/submission.csv'));
    const files = submission.filenames.map((name) => join(sample.dataset, 'clips', name));
    const out = folder.join('predictions.csv');
    const predicted = await run(['predict', ...files, '--bundle', folder.join('bundle'), '--out', out]);
    expect(predicted).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('9 clips: 8 ok, 1 degraded, 0 failed'),
    });
    const predictions = await readPredictions(out);
    expect(predictions.filenames).toEqual(submission.filenames);
    expect(predictions.classes).toEqual(submission.classes);
    predictions.probabilities.forEach((p, i) => expect(p).toBeCloseTo(submission.probabilities[i] as number, 5));

    const scored = await run([
      'score',
      '--labels',
      join(sample.dataset, 'test_labels.csv'),
      '--predictions',
      out,
      '--json',
    ]);
    expect(scored.status).toBe(0);
    const score = JSON.parse(scored.stdout) as {
      logLoss: number;
      accuracy: number;
      top3: number;
      scored: number;
      perClass: Record<string, number>;
    };
    expect(score.scored).toBe(9);
    expect(Object.keys(score.perClass)).toEqual(submission.classes);
    const losses = Object.values(score.perClass);
    expect(score.logLoss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 12);
  });

  it('refuses a bundle of which a byte has changed', async () => {
    await using folder = await temporaryFolder();
    await cp(sample.bundle, folder.path, { recursive: true });
    const model = folder.join('stack/stack-lightgbm-a/fold-1.txt');
    await writeFile(model, (await readFile(model, 'utf8')).replace('leaf_value=', 'leaf_value=1'));
    const { status, stderr } = await run([
      'predict',
      sample.dataset,
      '--bundle',
      folder.path,
      '--out',
      folder.join('out.csv'),
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('fold-1.txt');
  });
});
