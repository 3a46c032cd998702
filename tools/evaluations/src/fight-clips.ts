// Scores the pipeline on real surveillance clips: `node tools/evaluations/dist/fight-clips.js --help`.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { readNetPredictions } from '@primatrix/feature-table';
import { writeFileAtomic } from '@primatrix/files';
import { sharedData, workspaceRoot } from '@primatrix/testkit';
import { fightClasses, readFightClips, tellSites, writeFightDataset, type FightClip } from './fight-clips-dataset.ts';
import { checkOutOfFold, scorePredictions, summariseScores, type Scores } from './fight-clips-scores.ts';

const defaultNets = ['net-frame-statistics', 'net-mobilenet-gru', 'net-attention-pool', 'net-imagehash-gru'];

const usage = `Usage: node tools/evaluations/dist/fight-clips.js [options]

Trains the laptop profile on ../shared/data/fight-clips with MobileNetV2's ImageNet weights and prints, as JSON, the
out-of-fold scores of nets, stackers and ensemble: with folds by source video, and with random folds for comparison.

  --nets <names>  nets to train (default: ${defaultNets.join(',')})
  --seeds <n>     trainings with seeds 1 to n, averaged (default: 1)
  --work <dir>    folder for dataset, weights and artifacts, kept; given again, it goes on there (default: a temporary one)
  --out <file>    write the JSON there too
`;

/** Accuracy of the paper that the clips are from (arXiv 2002.04355); clips of one source on both sides of its split. */
const published = 0.7;
const folds = 5;

interface Settings {
  readonly nets: readonly string[];
  readonly seeds: number;
  readonly work: string;
}

/** Runs the command line; its progress is passed on. */
async function primatrix(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(workspaceRoot(), 'apps/primatrix/bin/primatrix.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const status = await new Promise<number | null>((settle, fail) => child.once('error', fail).once('close', settle));
  if (status !== 0) {
    throw new PrimatrixError('FIGHT_CLIPS_RUN', `fight-clips: primatrix ${args[0]} ended with ${status}`);
  }
  return printed;
}

/** One training: scores by model name. */
async function train(
  clips: readonly FightClip[],
  bySite: boolean,
  seed: number,
  { nets, work }: Settings,
): Promise<Record<string, Scores>> {
  const [dataset, artifacts] = [join(work, 'fight-clips'), join(work, 'artifacts')];
  await tellSites(clips, dataset, bySite);
  const printed = await primatrix([
    ...[
      'train',
      '--dataset',
      dataset,
      '--artifacts',
      artifacts,
      '--weights',
      join(work, 'weights'),
      '--profile',
      'laptop',
    ],
    ...['--folds', `${folds}`, '--seed', `${seed}`, '--only', nets.join(','), '--json'],
  ]);
  const summary = JSON.parse(printed) as { members: Record<string, Scores>; ensemble: Scores };
  const results = join(artifacts, 'fight-clips');
  const dealt = JSON.parse(await readFile(join(results, 'ingest/folds.json'), 'utf8')) as string[][];
  const scores: Record<string, Scores> = {};
  for (const name of Object.keys(summary.members)) {
    const table = join(results, nets.includes(name) ? 'nets' : 'stack', name, 'train.parquet');
    const predictions = await readNetPredictions(table, fightClasses);
    checkOutOfFold(clips, predictions, dealt, bySite);
    scores[name] = scorePredictions(clips, predictions);
  }
  const { accuracy, logLoss } = summary.ensemble;
  return { ...scores, ensemble: { accuracy, logLoss } };
}

async function evaluate(settings: Settings): Promise<unknown> {
  const [data, weights] = [
    sharedData('fight-clips'),
    sharedData('weights', 'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5'),
  ];
  if (data === undefined || weights === undefined) {
    throw new UsageError('FIGHT_CLIPS_DATA', 'fight-clips: the shared data folder must hold fight-clips and weights', {
      hint: 'set PRIMATRIX_DATA',
    });
  }
  const clips = await readFightClips(data);
  await writeFightDataset(clips, join(settings.work, 'fight-clips'));
  await primatrix(['weights', 'import', 'mobilenet-v2', weights, '--weights', join(settings.work, 'weights')]);
  const runs = async (bySite: boolean) => {
    const all: Record<string, Scores>[] = [];
    for (let seed = 1; seed <= settings.seeds; seed++) all.push(await train(clips, bySite, seed, settings));
    return Object.fromEntries(
      Object.keys(all[0] ?? {}).map((name) => [name, summariseScores(all.map((scores) => scores[name] as Scores))]),
    );
  };
  const [bySite, random] = [await runs(true), await runs(false)];
  const best = [...settings.nets].sort((a, b) => (bySite[b]?.accuracy ?? 0) - (bySite[a]?.accuracy ?? 0))[0] ?? '';
  return {
    clips: clips.length,
    sites: new Set(clips.map((clip) => clip.site)).size,
    profile: 'laptop',
    folds,
    seeds: settings.seeds,
    always: { noFight: clips.filter((clip) => clip.label === 'noFight').length / clips.length },
    bySite,
    random,
    bestNet: { name: best, bySite: bySite[best]?.accuracy, random: random[best]?.accuracy },
    published: { accuracy: published, source: 'arXiv 2002.04355', split: 'clips of one source video in both parts' },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      nets: { type: 'string' },
      seeds: { type: 'string', default: '1' },
      work: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const seeds = Number(values.seeds);
  if (!Number.isInteger(seeds) || seeds < 1) {
    throw new UsageError(
      'FIGHT_CLIPS_SEEDS',
      `fight-clips: --seeds must be a whole number of at least 1, got ${values.seeds}`,
    );
  }
  const temporary = values.work === undefined ? await mkdtemp(join(tmpdir(), 'primatrix-fight-')) : undefined;
  try {
    const result = `${JSON.stringify(await evaluate({ nets: values.nets?.split(',') ?? defaultNets, seeds, work: temporary ?? resolve(values.work ?? '') }), null, 2)}\n`;
    if (values.out !== undefined) await writeFileAtomic(resolve(values.out), result);
    process.stdout.write(result);
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PrimatrixError) && !(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) {
    throw error;
  }
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof UsageError || !(error instanceof PrimatrixError) ? 2 : 1;
}
