import { cp, mkdir, readFile, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLabels } from '@primatrix/dataset';
import type { ClipPage, Refit } from '@primatrix/review-api';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { digestsBelow } from '../support/files-below.ts';
import { run, start, type Running } from '../support/primatrix.ts';
import { trainingOptions } from '../support/trained-sample.ts';
import { waitUntil } from '../support/wait-until.ts';

const { dataset, artifacts, bundle, trainingSummary } = inject('trainedSample');
const token = 'a-token-of-the-test';

let folder: TemporaryFolder;
/** True labels of the sample by filename: the species that a clip shows. */
const truth = new Map<string, readonly string[]>();

beforeAll(async () => {
  folder = await temporaryFolder('primatrix-refit-');
  for (const file of ['train_labels.csv', 'test_labels.csv']) {
    const { classes, filenames, labels } = await readLabels(join(dataset, file));
    filenames.forEach((name, row) =>
      truth.set(
        name,
        classes.filter((_, c) => labels[row * classes.length + c] === 1),
      ),
    );
  }
});
afterAll(() => folder.remove());

const json = <T>(text: string) => JSON.parse(text) as T;
interface Printed {
  readonly seconds: number;
  readonly corrections: { readonly reviewed: number; readonly relabelled: number };
  readonly scores: {
    readonly training: { readonly clips: number; readonly before: { readonly logLoss: number } };
    readonly reviewed: { readonly clips: number; readonly after: { readonly logLoss: number } };
  };
}

describe('primatrix refit', () => {
  /** Labels of the test clips, and one training clip's put right. */
  let corrections: string;
  beforeAll(async () => {
    const lines = (await readFile(join(dataset, 'test_labels.csv'), 'utf8')).trim().split('\n');
    const [trained = ''] = (await readFile(join(dataset, 'train_labels.csv'), 'utf8')).trim().split('\n').slice(1);
    const [name = '', ...cells] = trained.split(',');
    corrections = folder.join('corrections.csv');
    await writeFile(
      corrections,
      `${[...lines, [name, ...cells.map((cell) => (cell === '1' ? '0' : '1'))].join(',')].join('\n')}\n`,
    );
  });

  it('writes a new bundle that predicts, tells the scores and leaves the old one as it was', async () => {
    const before = await digestsBelow(artifacts);
    const first = await run([
      'refit',
      '--bundle',
      bundle,
      '--labels',
      corrections,
      '--out',
      folder.join('first'),
      '--json',
    ]);
    expect([first.status, first.stderr]).toEqual([0, expect.stringContaining('fitted again')]);
    const { corrections: counts, scores } = json<Printed>(first.stdout);
    const tests = (await readLabels(join(dataset, 'test_labels.csv'))).filenames.length;
    expect([counts.relabelled, counts.reviewed, scores.reviewed.clips]).toEqual([1, tests, tests]);
    expect(scores.training.clips).toBeGreaterThan(10);
    const made = await digestsBelow(folder.join('first'));
    expect(await digestsBelow(artifacts)).toEqual(before);
    const old = await digestsBelow(bundle);
    expect(
      Object.keys(made)
        .filter((file) => made[file] !== old[file])
        .every((file) => /^(bundle\.json|refit\/.*|stack\/.*)$/.test(file)),
    ).toBe(true);
    expect(made['nets/net-imagehash-gru/fold-1.onnx']).toBe(old['nets/net-imagehash-gru/fold-1.onnx']);
    const [clip = ''] = (await readLabels(join(dataset, 'test_labels.csv'))).filenames;
    const predicted = await run([
      'predict',
      join(dataset, 'clips', clip),
      '--bundle',
      folder.join('first'),
      '--out',
      folder.join('predictions.csv'),
    ]);
    expect([predicted.status, (await readFile(folder.join('predictions.csv'), 'utf8')).split('\n')[1]]).toEqual([
      0,
      expect.stringContaining(`${clip},`),
    ]);
  });

  it('learns from clips that predict kept the records of, and says of whom it knows nothing', async () => {
    const { filenames, classes } = await readLabels(join(dataset, 'test_labels.csv'));
    const few = filenames.slice(0, 3);
    await mkdir(folder.join('card'));
    for (const name of few) await symlink(join(dataset, 'clips', name), folder.join('card', name));
    const records = folder.join('card.jsonl');
    expect(
      (
        await run([
          'predict',
          folder.join('card'),
          '--bundle',
          bundle,
          '--out',
          folder.join('card.csv'),
          '--records',
          records,
        ])
      ).status,
    ).toBe(0);
    const row = (name: string) =>
      [name, ...classes.map((label) => Number(truth.get(few[0] ?? '')?.includes(label) === true))].join(',');
    await writeFile(folder.join('card-labels.csv'), `filename,${classes.join(',')}\n${few.map(row).join('\n')}\n`);
    const options = ['refit', '--bundle', bundle, '--labels', folder.join('card-labels.csv'), '--records', records];
    const { corrections: counts, scores } = json<Printed>(
      (await run([...options, '--out', folder.join('recorded'), '--json'])).stdout,
    );
    expect(counts).toEqual({ reviewed: 3, relabelled: 0, confirmed: 0 });
    // What the training said of itself is what a re-fit starts from.
    expect(scores.training.before.logLoss).toBeCloseTo(
      json<{ ensemble: { logLoss: number } }>(trainingSummary).ensemble.logLoss,
      12,
    );
    await writeFile(folder.join('strange.csv'), `filename,${classes.join(',')}\n${row('nobody.mp4')}\n`);
    const unknown = await run([
      'refit',
      '--bundle',
      bundle,
      '--labels',
      folder.join('strange.csv'),
      '--records',
      records,
      '--out',
      folder.join('none'),
    ]);
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/nobody\.mp4.*nobody has predicted it[\s\S]*--records/),
    ]);
  });

  it('leaves nothing when it is killed, and the next run clears up and makes the same bytes as ever', async () => {
    const out = folder.join('killed');
    await mkdir(folder.join('.killed.999999999.tmp/stack'), { recursive: true });
    const running = start(['refit', '--bundle', bundle, '--labels', corrections, '--out', out]);
    await running.says('refit ');
    running.kill('SIGKILL');
    await running.ended;
    expect((await readdir(folder.path)).includes('killed')).toBe(false);
    const { status, stdout } = await run(['refit', '--bundle', bundle, '--labels', corrections, '--out', out]);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(
        /training clips +\d+ +before +0\.\d{4} ± 0\.\d{4}[\s\S]*reviewed clips +\d+ +before[\s\S]*(within noise|lower by|higher by)/,
      ),
    ]);
    expect(await digestsBelow(out)).toEqual(await digestsBelow(folder.join('first')));
    expect((await readdir(folder.path)).filter((name) => name.includes('killed'))).toEqual(['killed']);
  });

  it.each([
    [
      'no training beside the bundle',
      'there is no training',
      async () => {
        await cp(bundle, folder.join('alone/bundle'), { recursive: true });
        return ['--bundle', folder.join('alone/bundle'), '--labels', corrections];
      },
    ],
    [
      'a species that the bundle does not know',
      'does not know okapi',
      async () => {
        const [header, ...rows] = (await readFile(corrections, 'utf8')).trim().split('\n');
        await writeFile(folder.join('okapi.csv'), [`${header},okapi`, ...rows.map((one) => `${one},0`)].join('\n'));
        return ['--bundle', bundle, '--labels', folder.join('okapi.csv')];
      },
    ],
    [
      "labels that are the training's own",
      "what the training's labels say",
      async () => ['--bundle', bundle, '--labels', join(dataset, 'train_labels.csv')],
    ],
    ['no corrections', '--project or --labels', async () => ['--bundle', bundle]],
    ['a folder that is no project', 'no review project', async () => ['--bundle', bundle, '--project', dataset]],
    [
      'a place that is taken',
      'is there already',
      async () => ['--bundle', bundle, '--labels', corrections, '--out', dataset],
    ],
    [
      'records that are none',
      'no records that predict wrote',
      async () => ['--bundle', bundle, '--labels', corrections, '--records', corrections],
    ],
  ] as const)('says what is wrong with %s', async (_what, says, options) => {
    const { status, stderr } = await run(['refit', '--out', folder.join('never'), ...(await options())]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)]);
    expect(await readdir(folder.path)).not.toContain('never');
  });
});

describe('a review project', () => {
  let project: string;
  let served: { readonly url: string; readonly running: Running };
  const serve = async () => {
    const running = start(['serve', '--ui', '--bundle', bundle, '--project', project, '--port', '0'], {
      env: { PRIMATRIX_TOKEN: token },
    });
    return { running, url: new URL('/', /open +(\S+)/.exec(await running.says('(Ctrl-C'))?.[1]).href };
  };
  const kill = async () => {
    served.running.kill('SIGKILL');
    await served.running.ended;
  };
  const call = (path: string, body?: unknown) =>
    fetch(new URL(path, served.url), {
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  const press = async (wish: string) =>
    json<Refit>(
      await (
        await fetch(new URL(`/api/refit${wish}`, served.url), {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
        })
      ).text(),
    );
  const state = async () => json<Refit>(await (await call('/api/refit')).text());
  const clips = async () => json<ClipPage>(await (await call('/api/clips?limit=500')).text()).clips;
  const allPredicted = () =>
    waitUntil(
      'all clips are predicted',
      async () =>
        json<{ progress: { stage: string } }>(await (await call('/api/project')).text()).progress.stage === 'idle' &&
        (await clips()).every((clip) => clip.state === 'predicted'),
      served.running.ended,
    );

  beforeAll(async () => {
    project = folder.join('season');
    await mkdir(folder.join('season/card'), { recursive: true });
    // Four clips of the test and six of the training, with their sites.
    const tests = (await readLabels(join(dataset, 'test_labels.csv'))).filenames;
    const trained = [...truth.keys()].filter((name) => !tests.includes(name)).slice(0, 6);
    for (const name of [...tests.slice(0, 4), ...trained]) {
      await symlink(join(dataset, 'clips', name), folder.join('season/card', name));
    }
    await cp(join(dataset, 'clips.csv'), folder.join('season/card/clips.csv'));
    served = await serve();
    await call('/api/folders', { path: folder.join('season/card') });
    await allPredicted();
    for (const { id, filename } of await clips()) {
      await call(`/api/clips/${id}/review`, {
        decision: 'corrected',
        species: truth.get(filename.replace('card/', '')) ?? [],
      });
    }
  });
  afterAll(kill);

  it('is fitted again from the pages, predicts anew without a look at any clip, and so it does after kill -9', async () => {
    const root = join(project, 'primatrix-review');
    const records = (await readdir(root)).find((name) => name.startsWith('first-level-')) ?? '';
    const looked = await readFile(join(root, records));
    expect(await state()).toMatchObject({
      impossible: null,
      stage: 'idle',
      corrections: 10,
      inUse: null,
      result: null,
    });
    await press('');
    await waitUntil('the re-fit is done', async () => (await state()).stage !== 'running', served.running.ended);
    const { result, trouble, stage } = await state();
    expect([stage, trouble]).toEqual(['done', null]);
    // Of training clips that were added to the project people only confirmed the labels.
    expect(result).toMatchObject({ corrections: { reviewed: 4, relabelled: 0, confirmed: 6 }, reviewed: { clips: 4 } });

    await kill();
    served = await serve();
    expect((await state()).result).toEqual(result);
    const before = await clips();
    // The clips may be gone by now: nobody looks at them again.
    await rename(folder.join('season/card'), folder.join('season/elsewhere'));
    expect(await press('/use')).toMatchObject({ stage: 'idle', result: null, inUse: { corrections: 4 } });
    await allPredicted();
    const after = await clips();
    expect(after.map(({ filename }) => filename)).toEqual(before.map(({ filename }) => filename));
    expect(after.map(({ top }) => top[0]?.probability)).not.toEqual(before.map(({ top }) => top[0]?.probability));
    expect(await readFile(join(root, records))).toEqual(looked);
    await rename(folder.join('season/elsewhere'), folder.join('season/card'));

    await kill();
    served = await serve();
    expect(await state()).toMatchObject({ stage: 'idle', corrections: 10, since: 0, inUse: { corrections: 4 } });
    expect((await clips()).map(({ top }) => top[0]?.probability)).toEqual(after.map(({ top }) => top[0]?.probability));
    // The command line comes to the same second level.
    expect(
      (await run(['refit', '--bundle', bundle, '--project', project, '--out', folder.join('of-project')])).status,
    ).toBe(0);
    const stacks = async (place: string) =>
      Object.entries(await digestsBelow(place)).filter(([file]) => file.startsWith('stack/'));
    expect(await stacks(folder.join('of-project'))).toEqual(await stacks(join(root, 'refits/1')));
  });

  it('is a dataset for the next training, with the labels as the pages export them', async () => {
    const next = folder.join('data/next');
    const imported = await run(['import', project, '--out', next]);
    expect([imported.status, imported.stdout]).toEqual([0, expect.stringContaining('10 clips, 10 labelled')]);
    await writeFile(folder.join('train_labels.csv'), await (await call('/api/export/train_labels.csv')).text());
    const trained = await run([
      'train',
      '--dataset',
      next,
      '--labels',
      folder.join('train_labels.csv'),
      '--artifacts',
      folder.join('artifacts'),
      '--json',
      ...trainingOptions,
    ]);
    expect([trained.status, trained.stderr]).toEqual([0, expect.stringContaining('trained: ')]);
    expect(json<{ clips: object }>(trained.stdout).clips).toMatchObject({ total: 10, failed: 0 });
    const predicted = await run([
      'predict',
      folder.join('season/card'),
      '--bundle',
      folder.join('artifacts/next/bundle'),
      '--out',
      folder.join('next.csv'),
    ]);
    expect([predicted.status, (await readFile(folder.join('next.csv'), 'utf8')).trim().split('\n')]).toEqual([
      0,
      expect.objectContaining({ length: 11 }),
    ]);
  });
});
