import {
  fitLinearProbe,
  nearestNeighbours,
  pooledEmbedding,
  rowsAt,
  type LabelledRows,
  type Rows,
} from '@primatrix/few-labels';
import type { ModelFolder } from '@primatrix/models';
import { Rng } from '@primatrix/rng';
import { listEsc10, type Esc10, type Esc10Clip } from './esc10-clips.ts';
import { fewLabelsAnswer } from './few-labels-answer.ts';
import { meanAndError } from './mean-and-error.ts';
import { hearEsc10, type HearOptions } from './hear-esc10.ts';

/** Fixed before anything was scored: scikit-learn's default where many clips are labelled, less where few are. */
const settings = { draws: 20, seed: 1, labelled: [1, 2, 4, 8], strength: 0.1, strengthOfFolds: 1 } as const;

/** What says which class a clip is of, by the clips that are labelled. */
const ways: Readonly<Record<string, (known: LabelledRows, asked: Rows, all: Rows) => Promise<Float64Array>>> = {
  probe: async (known, asked) => (await fitLinearProbe(known, { strength: settings.strength })).predict(asked),
  /** The clips without labels say, too, how far each value varies. */
  'probe, scaled by all clips': async (known, asked, all) =>
    (await fitLinearProbe(known, { strength: settings.strength, scaledBy: all })).predict(asked),
  'nearest neighbours': (known, asked) => nearestNeighbours(known, asked),
  /** The mean of the two before. */
  both: (known, asked, all) => fewLabelsAnswer(known, asked, { all, strength: settings.strength }),
};

/** Of so many labelled clips a class, accuracy by way: mean over draws, 0 to 1, and its standard error. */
interface Drawn {
  readonly labelledAClass: number;
  readonly ways: Readonly<Record<string, { readonly accuracy: number; readonly standardError: number }>>;
}

/** What came of one way to make a vector of a clip. */
interface VectorScores {
  readonly vectors: string;
  /** Each of the authors' folds by a probe of the others, and their mean. */
  readonly folds: readonly { readonly fold: number; readonly accuracy: number }[];
  readonly accuracy: number;
  readonly few: readonly Drawn[];
}

/** What came of it; JSON. */
export interface Esc10ProbeResult {
  readonly model: string;
  readonly clips: number;
  readonly settings: typeof settings;
  /** Of vectors brought to length 1, as few labels and training take them, and of vectors as the encoder gives them. */
  readonly scores: readonly VectorScores[];
}

/**
 * Linear probes on an encoder's embeddings: over the authors' folds, and of so many clips a class, drawn at random; then tested on all
 * clips of other recordings than those.
 */
export async function evaluateEsc10Probe(
  data: string,
  folder: ModelFolder,
  options: HearOptions = {},
): Promise<Esc10ProbeResult> {
  const esc10 = await listEsc10(data);
  const heard = await hearEsc10(folder, esc10.clips, options);
  const tensors = heard.map(({ tensor }) => tensor.data as Float32Array);
  const width = heard[0]?.tensor.shape[1] ?? 0;
  const means = tensors.map((rows) => meanRow(rows, width));
  const units = tensors.map((rows) => pooledEmbedding(rows, width) ?? new Float32Array(width));
  return {
    model: `${folder.card.name} ${folder.card.version}`,
    clips: esc10.clips.length,
    settings,
    scores: [
      { vectors: 'of length 1', ...(await scoresOf(esc10, units, width)) },
      { vectors: 'as they are', ...(await scoresOf(esc10, means, width)) },
    ],
  };
}

async function scoresOf(
  { classes, clips, folds }: Esc10,
  vectors: readonly Float32Array[],
  width: number,
): Promise<Omit<VectorScores, 'vectors'>> {
  const all: Rows = { data: Float32Array.from(vectors.flatMap((row) => [...row])), rows: vectors.length, width };
  const labelled = (at: readonly number[]): LabelledRows => ({
    ...rowsAt(all, at),
    classes: classes.length,
    labels: Uint8Array.from(at.flatMap((row) => classes.map((_, c) => (clips[row]?.label === c ? 1 : 0)))),
  });
  const places = (wanted: (clip: Esc10Clip) => boolean) => clips.flatMap((clip, i) => (wanted(clip) ? [i] : []));
  const accuracyOf = (probabilities: Float64Array, at: readonly number[]) => {
    const right = at.filter((row, i) => {
      const own = probabilities.subarray(i * classes.length, (i + 1) * classes.length);
      return own.indexOf(Math.max(...own)) === clips[row]?.label;
    });
    return right.length / at.length;
  };
  const byFold = [];
  for (const fold of folds) {
    const test = places((clip) => clip.fold === fold);
    const probe = await fitLinearProbe(labelled(places((clip) => clip.fold !== fold)), {
      strength: settings.strengthOfFolds,
    });
    byFold.push({ fold, accuracy: accuracyOf(await probe.predict(rowsAt(all, test)), test) });
  }
  const few: Drawn[] = [];
  for (const labelledAClass of settings.labelled) {
    const scores = new Map(Object.keys(ways).map((way): [string, number[]] => [way, []]));
    for (let draw = 0; draw < settings.draws; draw++) {
      const rng = Rng.of(settings.seed, 'esc10-probe', labelledAClass, draw);
      const train = classes.flatMap((_, label) =>
        rng.shuffle(places((clip) => clip.label === label)).slice(0, labelledAClass),
      );
      const recordings = new Set(train.map((row) => recordingOf(clips[row] as Esc10Clip)));
      const test = places((clip) => !recordings.has(recordingOf(clip)));
      for (const [way, predict] of Object.entries(ways)) {
        scores.get(way)?.push(accuracyOf(await predict(labelled(train), rowsAt(all, test), all), test));
      }
    }
    few.push({
      labelledAClass,
      ways: Object.fromEntries([...scores].map(([way, values]) => [way, meanAndError(values)])),
    });
  }
  return {
    folds: byFold,
    accuracy: byFold.reduce((sum, { accuracy }) => sum + accuracy, 0) / byFold.length,
    few,
  };
}

function meanRow(rows: Float32Array, width: number): Float32Array {
  const count = rows.length / width;
  return Float32Array.from({ length: width }, (_, i) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += rows[row * width + i] as number;
    return sum / count;
  });
}

/** Takes of one recording differ by their last letter. */
function recordingOf({ filename }: Esc10Clip): string {
  return filename.replace(/-[A-Z]\.\w+$/, '');
}
