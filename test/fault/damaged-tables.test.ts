import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { CommandRunner } from '../support/command-runner.ts';
import { chanceOf, damagedBytes, damagedJson, damagedTable, damageSeed, pick } from '../support/damage.ts';
import { faultOf } from '../support/damage-verdict.ts';

const sample = inject('trainedSample');
/** Inputs of each kind. */
const each = 27;

const classes = ['bird', 'blank', 'hog'];
const names = Array.from({ length: 24 }, (_, i) => `site-${i % 4}/clip_${i}.mp4`);
const rows = (cells: (name: string, i: number) => string) =>
  names.map((name, i) => `${name},${cells(name, i)}\n`).join('');
const good: Readonly<Record<string, string>> = {
  'labels.csv': `filename,${classes.join(',')}\n${rows((_, i) => classes.map((__, c) => Number(c === i % 3)).join(','))}`,
  'predictions.csv':
    `filename,status,fault,reason,frames_decoded,frames_expected,${classes.join(',')}\n` +
    rows((_, i) => (i === 5 ? 'failed,truncated,cut off,0,,,,' : `ok,,,60,60,0.${i + 10},0.2,0.1${i}`)),
  'sites.csv':
    'filename,site,captured_at,latitude,longitude\n' +
    rows((_, i) => `s${i % 4},2026-03-${1 + i < 10 ? 0 : ''}${1 + i}T07:04:24Z,${i - 3}.25,${29 + i}.5`),
  'zamba.csv': `filepath,label,site\n${rows((_, i) => `${classes[i % 3]},s${i % 4}`)}`,
  'taxa.csv':
    'class,scientific_name,taxon_rank,observation_type\nbird,Aves,class,animal\nblank,,,blank\nhog,Potamochoerus,genus,animal\n',
  'review.csv':
    'filename,site,captured_at,predicted,probability,disagreement,decision,species,reviewed_at,reviewed_by\n' +
    rows((_, i) => `s,2026-03-01T00:00:00.000Z,hog,0.5,0.1,accepted,${classes[i % 3]},2026-03-02T00:00:00.000Z,me`),
  'package.json': JSON.stringify({
    title: 'T',
    contributors: [{ title: 'me', role: 'contact' }],
    licenses: [{ name: 'CC0-1.0', scope: 'data' }],
  }),
};

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('primatrix-damage-');
  await mkdir(folder.join('good'));
  for (const [name, text] of Object.entries(good)) await writeFile(folder.join('good', name), text);
  await using runner = new CommandRunner({ limitMs: 60_000 });
  const at = (name: string) => folder.join('good', name);
  const exported = ['export', at('predictions.csv'), '--sites', at('sites.csv'), '--taxa', at('taxa.csv')];
  for (const more of [
    ['--format', 'camtrap-dp', '--reviews', at('review.csv'), '--out', at('pkg')],
    ['--format', 'megadetector', '--out', at('md.json')],
    ['--format', 'coco-camera-traps', '--out', at('coco.json')],
    ['--format', 'json', '--out', at('predictions.json')],
  ]) {
    const { status, stderr } = await runner.run([...exported, ...more], folder.path);
    expect(status, stderr).toBe(0);
  }
  await mkdir(at('data/clips'), { recursive: true });
  for (const name of ['train_labels.csv', 'clips.csv', 'submission_format.csv']) {
    await cp(join(sample.dataset, name), at(`data/${name}`)).catch(() => {});
  }
  // A plan asks whether clips are there, and not what is in them.
  for (const name of await readdir(join(sample.dataset, 'clips'))) await writeFile(at(`data/clips/${name}`), name);
  await writeFile(at('my-net.json'), JSON.stringify(smallNet));
  process.stderr.write(`damaged-tables: PRIMATRIX_DAMAGE_SEED=${damageSeed}\n`);
});
afterAll(() => folder.remove());

const smallNet = {
  summary: 'GRU over hashes',
  reads: 'image-hash',
  laptop: {
    crop: [120],
    crops: 3,
    train: {
      optimizer: { kind: 'adam', learningRate: 0.002 },
      batch: 16,
      stepsPerEpoch: 10,
      maxEpochs: 60,
      patience: 15,
    },
    layers: [
      { type: 'GRU', units: 8, recurrentDropout: 0.5 },
      { type: 'Dropout', rate: 0.5 },
    ],
  },
};

interface Kind {
  readonly kind: string;
  /** What is damaged, below the folder of good files. */
  readonly file: string;
  readonly damage?: 'table' | 'json';
  /** Commands that read it, with `X` for the damaged file (or the folder that it lies in) and `OUT` for results. */
  readonly commands: readonly string[][];
}

const at = (name: string) => `GOOD/${name}`;
const camtrap = ['deployments.csv', 'media.csv', 'observations.csv'].map((name): Kind => ({
  kind: `camtrap ${name}`,
  file: `pkg/${name}`,
  commands: [['import', 'DIR', '--out', 'OUT']],
}));
const kinds: readonly Kind[] = [
  {
    kind: 'labels',
    file: 'labels.csv',
    commands: [
      ['folds', '--labels', 'X', '--folds', '2', '--json'],
      ['score', '--labels', 'X', '--predictions', at('predictions.csv'), '--json'],
    ],
  },
  {
    kind: 'predictions',
    file: 'predictions.csv',
    commands: [
      ['score', '--labels', at('labels.csv'), '--predictions', 'X', '--json'],
      ['threshold', '--labels', at('labels.csv'), '--predictions', 'X', '--lose', '5%'],
      ['export', 'X', '--format', 'megadetector', '--out', 'OUT'],
    ],
  },
  {
    kind: 'predictions in JSON',
    file: 'predictions.json',
    damage: 'json',
    commands: [
      ['export', 'X', '--format', 'coco-camera-traps', '--out', 'OUT'],
      ['export', 'X', '--format', 'csv', '--out', 'OUT'],
    ],
  },
  {
    kind: 'sites',
    file: 'sites.csv',
    commands: [
      ['folds', '--labels', at('labels.csv'), '--sites', 'X', '--folds', '2'],
      ['export', at('predictions.csv'), '--sites', 'X', '--format', 'camtrap-dp', '--out', 'OUT'],
    ],
  },
  { kind: 'zamba', file: 'zamba.csv', commands: [['import', 'X', '--out', 'OUT']] },
  {
    kind: 'taxa',
    file: 'taxa.csv',
    commands: [['export', at('predictions.csv'), '--sites', at('sites.csv'), '--taxa', 'X', '--out', 'OUT']],
  },
  {
    kind: 'reviews',
    file: 'review.csv',
    commands: [['export', at('predictions.csv'), '--sites', at('sites.csv'), '--reviews', 'X', '--out', 'OUT']],
  },
  {
    kind: 'package properties',
    file: 'package.json',
    damage: 'json',
    commands: [['export', at('predictions.csv'), '--sites', at('sites.csv'), '--package', 'X', '--out', 'OUT']],
  },
  ...camtrap,
  {
    kind: 'camtrap descriptor',
    file: 'pkg/datapackage.json',
    damage: 'json',
    commands: [['import', 'DIR', '--out', 'OUT']],
  },
  { kind: 'MegaDetector', file: 'md.json', damage: 'json', commands: [['import', 'X', '--out', 'OUT']] },
  { kind: 'COCO', file: 'coco.json', damage: 'json', commands: [['import', 'X', '--out', 'OUT']] },
  {
    kind: 'a net',
    file: 'my-net.json',
    damage: 'json',
    commands: [['train', '--dataset', 'DATASET', '--only', 'none', '--net', 'X', '--dry-run']],
  },
  {
    kind: 'labels of a dataset',
    file: 'data/train_labels.csv',
    commands: [['train', '--dataset', 'DIR', '--only', 'none', '--dry-run']],
  },
];

/** Runs the commands over damaged files of a kind. @returns what was wrong, each with the number that makes it again */
async function faultsOf({ kind, file, damage = 'table', commands }: Kind, runner: CommandRunner): Promise<string[]> {
  const faults: string[] = [];
  const source = folder.join('good', file);
  const bytes = await readFile(source);
  // We write these and read none.
  const isForeign = kind === 'MegaDetector' || kind === 'COCO';
  const isInFolder = commands.some((args) => args.includes('DIR'));
  // The first is whole: what is refused of it would be refused of all.
  for (let number = -1; number < each; number++) {
    const rng = chanceOf(kind, number);
    const place = folder.join(`${kind}-${number}`.replaceAll(' ', '-'));
    await mkdir(place);
    if (isInFolder) await cp(join(source, '..'), place, { recursive: true });
    const damaged = join(place, file.slice(file.lastIndexOf('/') + 1));
    const whole = number < 0;
    const noise = number % 9 === 8;
    const spoilt = whole
      ? bytes
      : noise
        ? damagedBytes(Buffer.from(Array.from({ length: 3000 }, () => rng.int(256))), rng)
        : damage === 'json'
          ? damagedJson(bytes.toString(), rng)
          : damagedTable(bytes.toString(), rng);
    await writeFile(damaged, spoilt);
    const args = pick(rng, commands).map((arg) =>
      arg === 'X'
        ? damaged
        : arg === 'DIR'
          ? place
          : arg === 'OUT'
            ? join(place, 'out')
            : arg === 'DATASET'
              ? sample.dataset
              : arg.replace('GOOD', folder.join('good')),
    );
    const ended = await runner.run(args, place);
    const fault =
      faultOf(ended) ??
      (whole && !isForeign && ended.status === 2 ? `it refuses what is whole: ${ended.stderr}` : undefined) ??
      (noise && ended.status !== 2 ? `it takes noise: ${ended.status} ${ended.stderr}` : undefined);
    if (fault !== undefined) faults.push(`${kind} ${number}: ${args.join(' ')}\n  ${fault}`);
    const wrong = await outside(ended.stdout, join(place, 'out'));
    if (wrong !== undefined) faults.push(`${kind} ${number}: ${args.join(' ')}\n  ${wrong}`);
  }
  return faults;
}

/** Figures that are none, and files in a result that lie elsewhere. */
async function outside(stdout: string, out: string): Promise<string | undefined> {
  if (/:\s*(null|NaN|-?Infinity)\b/.test(stdout) && stdout.includes('"logLoss":null')) {
    return `no figure: ${stdout.slice(0, 300)}`;
  }
  const entries = await readdir(out, { recursive: true, withFileTypes: true }).catch(() => []);
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  return odd === undefined ? undefined : `the result has ${odd.name}, which is no file`;
}

it(`gives a result or a refusal for ${each * kinds.length} damaged tables`, { timeout: 600_000 }, async () => {
  const waiting = [...kinds];
  const faults: string[] = [];
  const work = async () => {
    await using runner = new CommandRunner({ limitMs: 30_000 });
    for (let kind = waiting.shift(); kind !== undefined; kind = waiting.shift()) {
      faults.push(...(await faultsOf(kind, runner)));
    }
  };
  await Promise.all([work(), work()]);
  expect(faults.join('\n\n'), `seed ${damageSeed}`).toBe('');
});
