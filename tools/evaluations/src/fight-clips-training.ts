import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNetPredictions, type NetPredictions } from '@primatrix/feature-table';
import { fightClasses, tellSites, type FightClip } from './fight-clips-dataset.ts';
import { checkOutOfFold } from './fight-clips-scores.ts';
import { primatrix } from './run-primatrix.ts';

/** Folds of each training. */
export const fightFolds = 5;

/** What is trained. */
export interface FightTraining {
  /** Nets of the laptop profile's second level; none: metadata, hashes and sound alone. */
  readonly nets: readonly string[];
  /** Models that are files, by name or folder. */
  readonly models?: readonly string[];
  /** Encoders whose vectors are learnt from without each source's background, too. */
  readonly background?: readonly string[];
  /** The detector that leads encoders among `models`. */
  readonly lookWith?: string | undefined;
  readonly seed: number;
  /** Folds by source video, not by clip. */
  readonly bySite: boolean;
  /** Folder of dataset, weights and artifacts; what is there already and has not changed is used again. */
  readonly work: string;
}

/**
 * One training through the command line.
 * @returns what nets, stackers and `ensemble` say of clips that they did not learn from, checked to be so
 */
export async function trainFights(
  clips: readonly FightClip[],
  { nets, models = [], background = [], lookWith, seed, bySite, work }: FightTraining,
): Promise<Map<string, NetPredictions>> {
  const [dataset, artifacts] = [join(work, 'fight-clips'), join(work, 'artifacts')];
  await tellSites(clips, dataset, bySite);
  const printed = await primatrix([
    ...['train', '--dataset', dataset, '--artifacts', artifacts, '--weights', join(work, 'weights')],
    ...['--profile', 'laptop', '--folds', `${fightFolds}`, '--seed', `${seed}`],
    ...['--only', nets.length === 0 ? 'none' : nets.join(','), '--json'],
    ...models.flatMap((model) => ['--model', model]),
    ...background.flatMap((encoder) => ['--background', encoder]),
    ...(lookWith === undefined ? [] : ['--look-with', lookWith]),
  ]);
  const { members } = JSON.parse(printed) as { members: Record<string, unknown> };
  const results = join(artifacts, 'fight-clips');
  const dealt = JSON.parse(await readFile(join(results, 'ingest/folds.json'), 'utf8')) as string[][];
  const predictions = new Map<string, NetPredictions>();
  for (const name of [...Object.keys(members), 'ensemble']) {
    const places = [join('nets', name), join('stack', name), name].map((place) =>
      join(results, place, 'train.parquet'),
    );
    const path = places.find(existsSync) ?? '';
    const own = await readNetPredictions(path, fightClasses);
    // A net that listens has nothing to say of clips without sound; whoever stacks must say something of each.
    const said = new Set(own.filenames);
    const expected = path === places[0] ? clips.filter(({ filename }) => said.has(filename)) : clips;
    checkOutOfFold(expected, own, dealt, bySite);
    predictions.set(name, own);
  }
  return predictions;
}
