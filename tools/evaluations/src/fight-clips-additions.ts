import { join } from 'node:path';
import type { NetPredictions } from '@primatrix/feature-table';
import type { FightClip } from './fight-clips-dataset.ts';
import { gainOf, type FightGain } from './fight-clips-gain.ts';
import { scorePredictions, summariseScores } from './fight-clips-scores.ts';
import { fightFolds, trainFights, type FightTraining } from './fight-clips-training.ts';
import { keptTraining } from './kept-training.ts';
import { writeEncoder } from './fight-clips-encoder.ts';

/** How families of vectors without the background are called. */
const foreground = '-foreground';

interface Step extends Pick<FightTraining, 'nets' | 'background' | 'lookWith'> {
  readonly what: string;
  readonly models: readonly string[];
}

/** What is trained, written down before any of it was scored. The second is the evaluation's usual training. */
function steps(nets: readonly string[], withoutBackbone: readonly string[], encoder: string): readonly Step[] {
  const [tracks, sound] = [['yolox-nano'], ['mn04', 'mn04-embedding']];
  const background = { nets, background: ['mobilenet-v2'] };
  return [
    { what: "no MobileNetV2: metadata, hashes and the profile's sound", nets: withoutBackbone, models: [] },
    { what: "nets over MobileNetV2's features, too", nets, models: [] },
    { what: 'and the tracks of yolox-nano', nets, models: tracks },
    { what: 'and the sound of mn04', nets, models: sound },
    { what: 'and both', nets, models: [...tracks, ...sound] },
    { what: 'and both, and MobileNetV2 without the background', ...background, models: [...tracks, ...sound] },
    {
      what: 'and both, MobileNetV2 without the background and led by yolox-nano',
      ...{ ...background, models: [...tracks, ...sound, encoder], lookWith: 'yolox-nano' },
    },
  ];
}

/** The ensemble's score with what was added, and what that is more than the usual training's; JSON. */
interface FightAddition extends FightGain {
  readonly what: string;
  /** Nets over vectors without the background, and what they are more than those over the vectors as they are. */
  readonly withoutBackground: Readonly<Record<string, FightGain>>;
  /** Accuracy by net, stacker and ensemble, mean over seeds. */
  readonly members: Readonly<Record<string, number>>;
}

/**
 * Trains with each addition and each seed, folds by source video. A training that was finished before in the same folder is not repeated.
 * @param options.models models that are files must be known as yolox-nano, mn04 and mn04-embedding
 */
export async function evaluateAdditions(
  clips: readonly FightClip[],
  options: {
    readonly nets: readonly string[];
    /** Those of `nets` that read no backbone. */
    readonly withoutBackbone: readonly string[];
    readonly seeds: number;
    readonly work: string;
    readonly onStep?: (note: string) => void;
  },
): Promise<FightAddition[]> {
  const wanted = steps(options.nets, options.withoutBackbone, await writeEncoder(options.work));
  const trained = wanted.map((): ReadonlyMap<string, NetPredictions>[] => []);
  // All of a seed, then the next: what nets of a seed have learnt serves every step.
  for (let seed = 1; seed <= options.seeds; seed++) {
    for (const [i, { what, ...settings }] of wanted.entries()) {
      options.onStep?.(`seed ${seed}: ${what}`);
      const predictions = await keptTraining(
        join(options.work, 'additions'),
        { ...settings, seed, folds: fightFolds, clips: clips.map(({ filename, site }) => [filename, site]) },
        () => trainFights(clips, { ...settings, seed, bySite: true, work: options.work }),
      );
      trained[i]?.push(predictions);
      options.onStep?.(`accuracy ${scorePredictions(clips, ensembleOf(predictions)).accuracy.toFixed(4)}`);
    }
  }
  return wanted.map(({ what }, i) => {
    const runs = trained[i] ?? [];
    const of = (name: string) => runs.map((run) => run.get(name) as NetPredictions);
    const names = [...(runs[0]?.keys() ?? [])];
    const foregrounds = names.filter((name) => name.endsWith(foreground));
    return {
      what,
      ...gainOf(clips, of('ensemble'), (trained[1] ?? []).map(ensembleOf)),
      withoutBackground: Object.fromEntries(
        foregrounds
          .map((name) => [name, name.slice(0, -foreground.length)] as const)
          // A net of the profile's own has the encoder's features without saying so.
          .map(([name, twin]) => [name, names.includes(twin) ? twin : twin.replace('-mobilenet-v2', '')] as const)
          .map(([name, twin]) => [name, gainOf(clips, of(name), of(twin))]),
      ),
      members: Object.fromEntries(
        names.map((name) => [
          name,
          summariseScores(runs.map((run) => scorePredictions(clips, run.get(name) as NetPredictions))).accuracy,
        ]),
      ),
    };
  });
}

function ensembleOf(run: ReadonlyMap<string, NetPredictions>): NetPredictions {
  return run.get('ensemble') as NetPredictions;
}
