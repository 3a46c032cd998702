import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { clipFaults } from '@primatrix/contracts';
import { freePort, temporaryFolder, workspaceRoot, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readErrorSources } from '../support/error-codes.ts';
import { isListed, listedErrors } from '../support/listed-errors.ts';
import { run } from '../support/primatrix.ts';

const sample = inject('trainedSample');
const page = readFileSync(join(workspaceRoot(), 'docs/troubleshooting.md'), 'utf8');
const listed = listedErrors(page);
/** Codes that no input should lead to: named without a message. */
const faultsOfOurs = new Set(page.split('## Faults of the program')[1]?.match(/(?<=`)[A-Z][A-Z0-9_]+(?=`[,. ])/g));
/** The system's, and what the gateway makes of one of them. */
const ofTheSystem = /^(E[A-Z]+|DISK_FULL)$/;

describe('the page has every error', () => {
  // Tools of the workspace speak to its developers, and their pages are theirs.
  const { codes, texts } = readErrorSources(['apps', 'libs']);

  it('finds the codes', () => expect(codes.size).toBeGreaterThan(120));

  it('with its code', () => {
    const known = new Set([...listed.flatMap((row) => row.codes), ...faultsOfOurs]);
    // What a clip failed of is told by its fault instead.
    expect([...codes].filter((code) => !known.has(code) && code !== 'CLIP_FAULT')).toEqual([]);
  });

  it('and none that there is not', () => {
    const named = [...listed.flatMap((row) => row.codes), ...faultsOfOurs];
    expect(named.filter((code) => !codes.has(code) && !ofTheSystem.test(code))).toEqual([]);
  });

  it('in words that its sources have', () => {
    const wrong = listed.flatMap(({ codes: these, message }) => {
      // What comes before the first colon may be put there by the class of the error.
      const parts = message
        .replace(/^[a-z-]+: /, '')
        .split('…')
        .map((piece) => piece.replace(/^: |^,? |[ :(]+$/g, ''));
      if (these.every((code) => ofTheSystem.test(code))) return [];
      return parts
        .filter((part) => part.length > 3 && !texts.some((text) => text.includes(part)))
        .map((part) => `${these[0]}: ${part}`);
    });
    expect(wrong).toEqual([]);
  });

  it('and every fault of a clip', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, fault]) => fault);
    expect(rows).toEqual([...clipFaults]);
  });
});

describe('what the command line says is what the page has', () => {
  let folder: TemporaryFolder;
  const bundle = sample.bundle;
  const clip = join(sample.dataset, 'clips/clip_0001.mp4');
  const labels = join(sample.dataset, 'train_labels.csv');
  const training = ['--dataset', sample.dataset, '--folds', '2', '--only', 'net-imagehash-gru'];

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-errors-');
    await mkdir(folder.join('empty'));
    await mkdir(folder.join('noclips'));
    await mkdir(folder.join('one/clips'), { recursive: true });
    await cp(clip, folder.join('one/clips/a.mp4'));
    await mkdir(folder.join('few/clips'), { recursive: true });
    for (const name of ['a.mp4', 'b.mp4']) await cp(clip, folder.join('few/clips', name));
    const tables: Record<string, string> = {
      'one/train_labels.csv': 'filename,bird\na.mp4,1\n',
      'noclips/train_labels.csv': 'filename,bird,blank\na.mp4,1,0\n',
      'few/train_labels.csv': 'filename,bird,blank\na.mp4,1,0\nb.mp4,0,1\n',
      'both.csv': 'filename,bird,blank\na.mp4,1,1\n',
      'fold.json': '{ "fold": 3 }',
      'zeros.csv': 'filename,bird,blank\na.mp4,0,0\n',
      'yes.csv': 'filename,bird,blank\na.mp4,yes,no\n',
      'short.csv': 'filename,bird,blank\na.mp4,1\n',
      'twice.csv': 'filename,bird,blank\na.mp4,1,0\na.mp4,0,1\n',
      'other.csv': 'filename,hog\nclip_0001.mp4,1\n',
      'others.csv': 'filename,bird,blank\nc.mp4,0.5,0.5\n',
      'sites.csv': 'filename,site\nelsewhere.mp4,here\n',
      'zip.csv': 'PK\u0003\u0004',
      'my-net.json': '{ "summary": "x", "reads": "image-hash" }',
    };
    for (const [name, text] of Object.entries(tables)) await writeFile(folder.join(name), text);
    await cp(bundle, folder.join('cut'), { recursive: true });
    await writeFile(folder.join('cut/nets/net-imagehash-gru/fold-1.onnx'), 'cut');
    for (const [name, edit] of [
      ['newer', /"schema":4/],
      ['other-version', /"version":"0\.1\.0"/],
    ] as const) {
      await cp(bundle, folder.join(name), { recursive: true });
      const text = await readFile(folder.join(name, 'bundle.json'), 'utf8');
      await writeFile(
        folder.join(name, 'bundle.json'),
        text.replace(edit, name === 'newer' ? '"schema":5' : '"version":"7.1.0"'),
      );
    }
  });
  afterAll(() => folder.remove());

  /** Runs a command that cannot be done, and finds its message in the page. */
  async function expectListed(
    code: string,
    status: number,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { status: got, stderr } = await run(args, { cwd: folder.path, env });
    const message = new RegExp(`^primatrix: (.*) \\[${code}\\]$`, 'm').exec(stderr)?.[1];
    expect(message, stderr).toBeDefined();
    expect(
      listed.filter((row) => row.codes.includes(code)).some((row) => isListed(row, message as string)),
      `${code}: ${message}`,
    ).toBe(true);
    expect(got, stderr).toBe(status);
  }

  it.each<[code: string, args: string[], status?: number]>([
    ['PREDICT_NOTHING', ['predict', 'empty', '--bundle', bundle, '--out', 'x.csv']],
    ['PREDICT_OUT', ['predict', clip, '--bundle', bundle, '--out', 'empty']],
    ['PREDICT_SITES', ['predict', clip, '--bundle', bundle, '--out', 'x.csv', '--sites', 'sites.csv']],
    ['FEATURES_NOTHING', ['features', 'image-hash', 'empty', '--out', 'x']],
    ['FAMILY_UNKNOWN', ['features', 'vgg99', clip, '--out', 'x']],
    ['FAMILY_SETTINGS', ['features', 'image-hash', clip, '--settings', '{"sharp":true}', '--out', 'x']],
    ['FAMILY_UNKNOWN', ['train', '--dataset', sample.dataset, '--only', 'net-x']],
    ['NET_FILE', ['train', '--dataset', sample.dataset, '--net', 'my-net.json']],
    ['NET_FILE', ['train', '--dataset', sample.dataset, '--net', 'nowhere.json']],
    ['BUNDLE_NOT_FOUND', ['predict', clip, '--bundle', 'empty', '--out', 'x.csv']],
    ['BUNDLE_DAMAGED', ['predict', clip, '--bundle', 'cut', '--out', 'x.csv']],
    ['BUNDLE_VERSION', ['predict', clip, '--bundle', 'newer', '--out', 'x.csv']],
    ['BUNDLE_FAMILY', ['predict', clip, '--bundle', 'other-version', '--out', 'x.csv']],
    ['BUNDLE_EXISTS', ['bundle', ...training, '--out', 'empty']],
    ['STAGE_NEEDS', ['bundle', ...training, '--artifacts', 'nothing', '--out', 'new'], 1],
    ['STAGE_UNKNOWN', ['stage', 'net-x:fly', '--dataset', sample.dataset]],
    ['DATASET_NOT_FOUND', ['train', '--dataset', 'nowhere']],
    ['DATASET_NOT_FOUND', ['train', '--dataset', 'empty']],
    ['DATASET_NOT_FOUND', ['train', '--dataset', 'noclips']],
    ['FOLDS_TOO_MANY', ['train', '--dataset', 'few', '--only', 'none', '--folds', '3']],
    ['DATASET_ONE_CLASS', ['train', '--dataset', 'one', '--only', 'none', '--folds', '2']],
    ['DATASET_UNMATCHED', ['folds', '--labels', labels, '--sites', 'sites.csv']],
    ['CSV_BLANK', ['folds', '--labels', 'both.csv']],
    ['CSV_NO_CLASS', ['folds', '--labels', 'zeros.csv']],
    ['CSV_VALUE', ['folds', '--labels', 'yes.csv']],
    ['CSV_SYNTAX', ['folds', '--labels', 'short.csv']],
    ['CSV_DUPLICATE', ['folds', '--labels', 'twice.csv']],
    ['CSV_ENCODING', ['folds', '--labels', 'zip.csv']],
    ['CSV_HEADER', ['folds', '--labels', labels, '--sites', labels]],
    ['DATASET_CLASSES', ['score', '--labels', labels, '--predictions', 'other.csv']],
    ['SCORE_EMPTY', ['score', '--labels', 'few/train_labels.csv', '--predictions', 'others.csv']],
    [
      'METRICS_ARGUMENT',
      [
        'threshold',
        '--dataset',
        sample.dataset,
        '--artifacts',
        join(sample.artifacts, '..'),
        '--lose',
        '5%',
        '--blank',
        'empty',
      ],
    ],
    ['INPUT_MISSING', ['hash', 'nowhere.mp4']],
    ['OUT_FOLDER', ['predict', clip, '--bundle', bundle, '--out', 'no/p.csv']],
    ['CONFIG_FILE', ['folds', '--labels', labels, '--config', 'fold.json']],
    ['UI_SOURCE', ['ui', 'few', '--bundle', bundle, '--model', 'm']],
    ['THRESHOLD_TABLES', ['threshold', '--lose', '5%']],
    ['ENSEMBLE_NOT_FOUND', ['threshold', '--dataset', sample.dataset, '--artifacts', 'nothing', '--lose', '5%']],
    ['SAMPLE_FOLDER_IN_USE', ['sample', '--out', 'few']],
    ['EXCHANGE_COLUMN', ['import', 'zeros.csv', '--out', 'imported']],
    [
      'EXCHANGE_ZONE',
      ['predict', clip, '--bundle', bundle, '--out', 'x', '--format', 'camtrap-dp', '--time-zone', 'Mars/Olympus'],
    ],
    ['KERAS_NOT_HDF5', ['weights', 'import', 'vgg16', 'zeros.csv']],
    ['KERAS_MISSING', ['weights', 'import', 'vgg16', 'nowhere.h5']],
    ['WEIGHTS_BACKBONE', ['weights', 'import', 'vgg99', 'x.h5']],
    ['NATS_URL', ['serve', '--all', '--bundle', bundle]],
    ['SERVE_FAMILY', ['serve', 'net-x', '--bundle', bundle]],
    ['VISUALISE_OUT', ['visualise', 'sheet', '--clips', 'few/clips', '--labels', labels, '--out', 'x.jpg']],
    ['BENCH_UNKNOWN', ['bench', 'fly']],
  ])('%s', async (code, args, status = 2) => expectListed(code, status, args, { NATS_URL: '' }));

  it('BUS_UNREACHABLE', async () => {
    await expectListed(
      'BUS_UNREACHABLE',
      2,
      ['predict', clip, '--remote', '--wait', '1', '--bundle', bundle, '--out', 'x.csv'],
      { NATS_URL: `nats://127.0.0.1:${await freePort()}` },
    );
  });

  it('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const { status, stderr } = await run(['serve', '--ui', '--bundle', bundle, '--port', `${port}`], {
        cwd: folder.path,
      });
      expect(stderr).toMatch(/^primatrix: listen EADDRINUSE.*\n {2}another program listens there/m);
      expect(status).toBe(1);
    } finally {
      server.close();
    }
  });
});
