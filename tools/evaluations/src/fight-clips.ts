// Scores the pipeline on real surveillance clips: `node tools/evaluations/dist/fight-clips.js --help`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PrimatrixError, UsageError } from '@primatrix/contracts';
import { writeFileAtomic } from '@primatrix/files';
import { sharedData } from '@primatrix/testkit';
import { evaluateAdditions } from './fight-clips-additions.ts';
import { readFightClips, writeFightDataset } from './fight-clips-dataset.ts';
import { scorePredictions, summariseScores, type Scores } from './fight-clips-scores.ts';
import { fightFolds, trainFights } from './fight-clips-training.ts';
import { primatrix } from './run-primatrix.ts';

const withoutBackbone = ['net-imagehash-gru'];
const defaultNets = ['net-frame-statistics', 'net-mobilenet-gru', 'net-attention-pool', ...withoutBackbone];

const usage = `Usage: node tools/evaluations/dist/fight-clips.js [options]

Trains the laptop profile on ../shared/data/fight-clips with MobileNetV2's ImageNet weights and prints, as JSON, the
out-of-fold scores of nets, stackers and ensemble: with folds by source video, and with random folds for comparison.

  --additions     instead, by source video: what the models yolox-nano, mn04 and mn04-embedding of \`models list\` add
  --nets <names>  nets to train (default: ${defaultNets.join(',')})
  --seeds <n>     trainings with seeds 1 to n, averaged (default: 1)
  --work <dir>    folder for dataset, weights and artifacts, kept; given again, it goes on there (default: a temporary one)
  --out <file>    write the JSON there too
`;

/** Accuracy of the paper that the clips are from (arXiv 2002.04355); clips of one source on both sides of its split. */
const published = 0.7;

interface Settings {
  readonly nets: readonly string[];
  readonly seeds: number;
  readonly work: string;
  readonly additions: boolean;
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
  const about = {
    clips: clips.length,
    sites: new Set(clips.map((clip) => clip.site)).size,
    profile: 'laptop',
    folds: fightFolds,
    seeds: settings.seeds,
    always: { noFight: clips.filter((clip) => clip.label === 'noFight').length / clips.length },
  };
  if (settings.additions) {
    const onStep = (note: string) => void process.stderr.write(`${note}\n`);
    return { ...about, additions: await evaluateAdditions(clips, { ...settings, withoutBackbone, onStep }) };
  }
  const runs = async (bySite: boolean) => {
    const all: Record<string, Scores>[] = [];
    for (let seed = 1; seed <= settings.seeds; seed++) {
      const predictions = await trainFights(clips, { ...settings, bySite, seed });
      all.push(
        Object.fromEntries(
          [...predictions].map(([name, own]): [string, Scores] => [name, scorePredictions(clips, own)]),
        ),
      );
    }
    return Object.fromEntries(
      Object.keys(all[0] ?? {}).map((name) => [name, summariseScores(all.map((scores) => scores[name] as Scores))]),
    );
  };
  const [bySite, random] = [await runs(true), await runs(false)];
  const best = [...settings.nets].sort((a, b) => (bySite[b]?.accuracy ?? 0) - (bySite[a]?.accuracy ?? 0))[0] ?? '';
  return {
    ...about,
    bySite,
    random,
    bestNet: { name: best, bySite: bySite[best]?.accuracy, random: random[best]?.accuracy },
    published: { accuracy: published, source: 'arXiv 2002.04355', split: 'clips of one source video in both parts' },
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      additions: { type: 'boolean', default: false },
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
    const settings: Settings = {
      nets: values.nets?.split(',') ?? defaultNets,
      seeds,
      work: temporary ?? resolve(values.work ?? ''),
      additions: values.additions,
    };
    const result = `${JSON.stringify(await evaluate(settings), null, 2)}\n`;
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
