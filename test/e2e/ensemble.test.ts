import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLabels, readPredictions } from '@primatrix/dataset';
import { readNetPredictions, writeNetPredictions } from '@primatrix/feature-table';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, inject, it } from 'vitest';
import { digestsBelow } from '../support/files-below.ts';
import { run } from '../support/primatrix.ts';
import { trainingOptions } from '../support/trained-sample.ts';

const sample = inject('trainedSample');
const fit = (artifacts: string, ...more: string[]) =>
  run(['stage', 'ensemble:fit', '--dataset', sample.dataset, '--artifacts', artifacts, ...more, ...trainingOptions]);
const json = async <T>(file: string) =>
  JSON.parse(await readFile(join(sample.artifacts, 'ensemble', file), 'utf8')) as T;

interface Nested {
  readonly nested: { readonly logLoss: number };
}

describe('what the ensemble tells', () => {
  it('scores that its out-of-fold predictions have, with their errors', async () => {
    const labels = await readLabels(join(sample.dataset, 'train_labels.csv'));
    const { filenames, probabilities } = await readNetPredictions(
      join(sample.artifacts, 'ensemble/train.parquet'),
      labels.classes,
    );
    const told = await json<{
      outOfFold: { logLoss: number; standardError: { logLoss: number } };
      weighings: Record<string, Nested>;
      clips: number;
    }>('weights.json');
    const loss = filenames.flatMap((name, row) =>
      labels.classes.map((_, c) => {
        const p = probabilities[row * labels.classes.length + c] as number;
        return labels.labels[labels.filenames.indexOf(name) * labels.classes.length + c] === 1
          ? -Math.log(p)
          : -Math.log(1 - p);
      }),
    );
    expect(told.clips).toBe(filenames.length);
    expect(told.outOfFold.logLoss).toBeCloseTo(loss.reduce((sum, l) => sum + l, 0) / loss.length, 10);
    expect(told.outOfFold.standardError.logLoss).toBeGreaterThan(0);
    expect(Object.keys(told.weighings).sort()).toEqual(['coordinate', 'original', 'simplex']);
    const { methods } = await json<{ methods: Record<string, Nested> }>('calibration.json');
    expect(methods['none']?.nested.logLoss).toBe(told.outOfFold.logLoss);
    expect(Object.keys(methods).sort()).toEqual(['isotonic', 'none', 'temperature']);
  });

  it('thresholds, the same in the bundle', async () => {
    const thresholds = await json<{ answers: { lose: number; animals: number }[] }>('thresholds.json');
    expect(thresholds.answers.map(({ lose }) => lose)).toEqual([0.01, 0.02, 0.05, 0.1]);
    const bundle = JSON.parse(await readFile(join(sample.bundle, 'bundle.json'), 'utf8')) as {
      ensemble: { thresholds: unknown; calibration: unknown };
    };
    expect(bundle.ensemble).toMatchObject({ thresholds, calibration: { method: 'none' } });
    const asked = await run([
      'threshold',
      '--dataset',
      sample.dataset,
      '--artifacts',
      join(sample.artifacts, '..'),
      '--lose',
      '5%',
      '--json',
    ]);
    expect(asked.status).toBe(0);
    expect(JSON.parse(asked.stdout)).toMatchObject({ drawn: 'site', ...thresholds.answers[2] });
  });

  it('a calibration in the bundle is applied', async () => {
    await using folder = await temporaryFolder();
    await cp(sample.bundle, folder.join('bundle'), { recursive: true });
    const file = folder.join('bundle/bundle.json');
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace(
        '"calibration":{"method":"none"}',
        '"calibration":{"method":"temperature","temperature":2}',
      ),
    );
    const submission = await readPredictions(join(sample.artifacts, 'ensemble/submission.csv'));
    const out = folder.join('out.csv');
    expect(
      await run([
        'predict',
        join(sample.dataset, 'clips', submission.filenames[0] as string),
        '--bundle',
        folder.join('bundle'),
        '--out',
        out,
      ]),
    ).toMatchObject({ status: 0 });
    const { probabilities } = await readPredictions(out);
    probabilities.forEach((p, c) => {
      const odds = Math.sqrt((submission.probabilities[c] as number) / (1 - (submission.probabilities[c] as number)));
      expect(p).toBeCloseTo(odds / (1 + odds), 4);
    });
  });
});

describe('the submission', () => {
  it('has the rows and columns of the format, in its order, and plain numbers', async () => {
    await using folder = await temporaryFolder();
    await cp(sample.artifacts, folder.join('sample'), { recursive: true, preserveTimestamps: true });
    const format = (await readFile(join(sample.dataset, 'submission_format.csv'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const [header = [], ...rows] = format;
    // Neither sorted by name nor in the labels' order.
    const columns = [0, ...[...header.keys()].slice(1).reverse()];
    const mixed = [header, ...[...rows].reverse()].map((row) => columns.map((c) => row[c]).join(','));
    await writeFile(folder.join('format.csv'), `${mixed.join('\n')}\n`);
    expect(await fit(folder.path, '--test', folder.join('format.csv'))).toMatchObject({ status: 0 });

    const lines = (await readFile(folder.join('sample/ensemble/submission.csv'), 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe(mixed[0]);
    expect(lines.map((line) => line.split(',')[0])).toEqual(mixed.map((line) => line.split(',')[0]));
    for (const cell of lines.slice(1).flatMap((line) => line.split(',').slice(1))) {
      expect(cell).toMatch(/^(0|1|0\.\d+|\d(\.\d+)?e-\d+)$/);
    }
    const before = await readPredictions(join(sample.artifacts, 'ensemble/submission.csv'));
    const after = await readPredictions(folder.join('sample/ensemble/submission.csv'));
    const at = (table: typeof before, name: string, label: string) =>
      table.probabilities[table.filenames.indexOf(name) * table.classes.length + table.classes.indexOf(label)];
    for (const name of before.filenames) {
      for (const label of before.classes) expect(at(after, name, label)).toBe(at(before, name, label));
    }
  });
});

describe('tables of members that do not fit', () => {
  it('are refused by name, and nothing is overwritten', async () => {
    await using folder = await temporaryFolder();
    await cp(sample.artifacts, folder.join('sample'), { recursive: true, preserveTimestamps: true });
    const { classes } = await readLabels(join(sample.dataset, 'train_labels.csv'));
    const path = folder.join('sample/stack/stack-lightgbm-b/train.parquet');
    const table = await readNetPredictions(path, classes);
    const before = await digestsBelow(folder.join('sample/ensemble'));
    await writeNetPredictions(path, { ...table, filenames: table.filenames.with(0, 'another.mp4') });
    // The stage that makes the table no longer vouches for it: the task runner would make it again.
    expect(await fit(folder.path)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('stack-lightgbm:train-b'),
    });
    expect(await digestsBelow(folder.join('sample/ensemble'))).toEqual(before);
  });
});

describe('threshold', () => {
  const labels = 'filename,blank,hog,human\na.mp4,1,0,0\nb.mp4,0,1,0\nc.mp4,0,0,1\nd.mp4,0,1,0\n';
  const predictions = 'filename,human,blank,hog\nd.mp4,0,0.1,0.9\na.mp4,0,0.9,0.1\nb.mp4,0,0.7,0.3\nc.mp4,0.5,0.5,0\n';

  async function ask(tables: { labels?: string; predictions?: string }, ...args: string[]) {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('l.csv'), tables.labels ?? labels);
    await writeFile(folder.join('p.csv'), tables.predictions ?? predictions);
    const finished = await run([
      'threshold',
      '--labels',
      folder.join('l.csv'),
      '--predictions',
      folder.join('p.csv'),
      ...args,
    ]);
    expect(await readFile(folder.join('p.csv'), 'utf8')).toBe(tables.predictions ?? predictions);
    return finished;
  }

  it('answers with the threshold, what it saves and what it loses', async () => {
    const { status, stdout, stderr } = await ask({}, '--lose', '50%', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      lose: 0.5,
      animals: 2,
      people: ['human'],
      drawn: 'clip',
      groups: 4,
      plain: {
        threshold: 0.5,
        skipped: { clips: 3, share: 0.75 },
        animals: { clips: 2, lost: 1 },
        perClass: { hog: { lost: 1 }, human: { lost: 1 } },
      },
      careful: { threshold: null },
    });
    const words = await ask({}, '--lose', '0.5', '--people', 'none');
    expect(words.stdout).toMatch(/plain +0\.7 +50 % ± \d/);
    expect(words.stdout).toContain('too few');
  });

  it('names clips whose prediction failed, and ends with 1', async () => {
    const failed = await ask(
      {
        predictions:
          'filename,status,human,blank,hog\n' +
          'd.mp4,ok,0,0.1,0.9\n' +
          'a.mp4,ok,0,0.9,0.1\n' +
          'b.mp4,failed,,,\n' +
          'c.mp4,ok,0.5,0.5,0\n',
      },
      '--lose',
      '5%',
      '--json',
    );
    expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining('b.mp4') });
    expect(JSON.parse(failed.stdout)).toMatchObject({ clips: 3, animals: 1 });
  });

  it.each<[string, { labels?: string; predictions?: string }, string[], RegExp]>([
    ['a share that is none', {}, ['--lose', '5'], /below 1.*got '5'/],
    ['no target', {}, [], /--lose <share>/],
    ['an unknown class', {}, ['--lose', '5%', '--blank', 'empty'], /no class "empty"/],
    ['dataset and tables', {}, ['--lose', '5%', '--dataset', 'x'], /either --dataset, or --labels and --predictions/],
    ['another class', { predictions: predictions.replace('hog', 'pig') }, ['--lose', '5%'], /missing hog; unknown pig/],
    [
      'a file twice',
      { predictions: `${predictions}a.mp4,0,0,0\n` },
      ['--lose', '5%'],
      /p\.csv:6, column "filename", value "a\.mp4"/,
    ],
    [
      'a missing row',
      { predictions: predictions.replace('c.mp4', 'e.mp4') },
      ['--lose', '5%'],
      /no row for 1 of 4 labelled clips: c\.mp4/,
    ],
    [
      'NaN',
      { predictions: predictions.replace('0.7', 'NaN') },
      ['--lose', '5%'],
      /p\.csv:4, column "blank", value "NaN"/,
    ],
    [
      'a number out of range',
      { predictions: predictions.replace('0.7', '1.7') },
      ['--lose', '5%'],
      /column "blank", value "1.7"/,
    ],
  ])('refuses %s', async (_, tables, args, says) => {
    const { status, stdout, stderr } = await ask(tables, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });
});

describe('score', () => {
  it('says how far it may be off, and refuses predictions that lack a row', async () => {
    const [labels, predictions] = [
      join(sample.dataset, 'test_labels.csv'),
      join(sample.artifacts, 'ensemble/submission.csv'),
    ];
    const words = await run([
      'score',
      '--labels',
      labels,
      '--predictions',
      predictions,
      '--sites',
      join(sample.dataset, 'clips.csv'),
    ]);
    expect(words.stdout).toMatch(/log loss {2}\d\.\d+ ± \d\.\d+\n/);
    expect(words.stdout).toMatch(/bootstrap over \d+ sites/);
    await using folder = await temporaryFolder();
    const [first, ...rest] = (await readFile(predictions, 'utf8')).trimEnd().split('\n');
    await writeFile(folder.join('p.csv'), `${[first, ...rest.slice(1)].join('\n')}\n`);
    const short = await run(['score', '--labels', labels, '--predictions', folder.join('p.csv'), '--json']);
    expect(short).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining((rest[0] as string).split(',')[0] as string),
    });
  });
});
