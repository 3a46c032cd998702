import { soundDescriptors, soundSampleRate, summariseDescriptors, summaryNames } from '@primatrix/sound';
import { Dataset, train, type LightgbmParams } from '@primatrix/lightgbm-ts';
import { accuracy, confusionMatrix, logLoss } from '@primatrix/metrics';
import { decodeAudio } from '@primatrix/video';
import { listEsc10, type Esc10, type Esc10Clip } from './esc10-clips.ts';

/**
 * Small trees of few of the columns each. The number of rounds is fixed beforehand: stopping early by the fold that is
 * scored would flatter the score.
 */
export const esc10Settings = {
  rounds: 200,
  params: {
    learning_rate: 0.05,
    num_leaves: 8,
    min_data_in_leaf: 3,
    min_sum_hessian_in_leaf: 0.001,
    feature_fraction: 0.3,
    bagging_fraction: 0.8,
    bagging_freq: 1,
    extra_trees: true,
    max_bin: 63,
  },
} as const satisfies { rounds: number; params: LightgbmParams };

/** Accuracy, 0 to 1, over all five folds, as published in ESC-10's own repository and paper (Piczak 2015). */
const published = { kNearestNeighbours: 0.667, randomForest: 0.727, supportVectorMachine: 0.675, people: 0.957 };

/** Where ESC-10 lies, and how the evaluation is drawn and followed. */
export interface Esc10Options {
  /** Folder of ESC-10. */
  readonly data: string;
  readonly seed: number;
  /** Threads of LightGBM. Default 1: the same model everywhere. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, note: string) => void;
}

/** What an evaluation came to; JSON. */
export interface Esc10Result {
  readonly clips: number;
  readonly columns: number;
  readonly seed: number;
  readonly settings: typeof esc10Settings;
  /** Of the clips of all folds, each predicted by the model that did not see its fold. */
  readonly accuracy: number;
  readonly logLoss: number;
  readonly folds: readonly { readonly fold: number; readonly clips: number; readonly accuracy: number }[];
  /** Rows are true classes, columns predicted ones. */
  readonly confusion: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] };
  readonly published: typeof published;
}

/** Cross-validates LightGBM on summaries of sound descriptors over the folds that ESC-10 comes with. */
export async function evaluateEsc10(options: Esc10Options): Promise<Esc10Result> {
  const { seed, onProgress } = options;
  const esc10 = await listEsc10(options.data);
  const rows = await describeAll(esc10.clips, options);
  const predictions = new Float64Array(esc10.clips.length * esc10.classes.length);
  for (const [i, fold] of esc10.folds.entries()) {
    onProgress?.(0.7 + (0.3 * i) / esc10.folds.length, `fold ${fold}`);
    await predictFold(esc10, rows, fold, predictions, options);
  }
  const score = (clips: readonly Esc10Clip[]) => {
    const width = esc10.classes.length;
    const labels = Uint8Array.from(
      clips.flatMap((clip) => esc10.classes.map((_, label) => (label === clip.label ? 1 : 0))),
    );
    const predicted = Float64Array.from(
      clips.flatMap((clip) => [...predictions.subarray(esc10.clips.indexOf(clip) * width).subarray(0, width)]),
    );
    return { classes: esc10.classes, labels, predictions: predicted };
  };
  const all = score(esc10.clips);
  const { counts } = confusionMatrix(all);
  return {
    clips: esc10.clips.length,
    columns: summaryNames.length,
    seed,
    settings: esc10Settings,
    accuracy: accuracy(all),
    logLoss: logLoss(all),
    folds: esc10.folds.map((fold) => {
      const clips = esc10.clips.filter((clip) => clip.fold === fold);
      return { fold, clips: clips.length, accuracy: accuracy(score(clips)) };
    }),
    confusion: {
      classes: esc10.classes,
      counts: esc10.classes.map((_, row) => [
        ...counts.subarray(row * esc10.classes.length, (row + 1) * esc10.classes.length),
      ]),
    },
    published,
  };
}

/** Summaries [clips][columns]; two clips at a time, as most of it is waiting for the decoder. */
async function describeAll(clips: readonly Esc10Clip[], { signal, onProgress }: Esc10Options): Promise<Float32Array[]> {
  const rows: Float32Array[] = [];
  let done = 0;
  const queue = clips.entries();
  const lane = async () => {
    for (const [i, clip] of queue) {
      const samples = await decodeAudio(clip.path, { sampleRate: soundSampleRate, signal });
      const summary = summariseDescriptors(soundDescriptors(samples ?? new Int16Array()));
      rows[i] = Float32Array.from(summaryNames, (name) => summary[name] ?? Number.NaN);
      onProgress?.((0.7 * ++done) / clips.length, clip.filename);
    }
  };
  await Promise.all([lane(), lane()]);
  return rows;
}

async function predictFold(
  { clips, classes }: Esc10,
  rows: readonly Float32Array[],
  fold: number,
  predictions: Float64Array,
  options: Esc10Options,
): Promise<void> {
  const params: LightgbmParams = { ...esc10Settings.params, objective: 'multiclass', num_class: classes.length };
  const matrixOf = (places: readonly number[]) => {
    const data = new Float32Array(places.length * summaryNames.length);
    places.forEach((place, row) => data.set(rows[place] as Float32Array, row * summaryNames.length));
    return { data, rows: places.length, columns: summaryNames.length, layout: 'row' as const };
  };
  const placesWhere = (inside: boolean) =>
    clips.flatMap((clip, place) => ((clip.fold === fold) === inside ? [place] : []));
  const threads = options.threads ?? 1;
  const learnt = placesWhere(false);
  using data = await Dataset.create({
    ...matrixOf(learnt),
    labels: learnt.map((place) => (clips[place] as Esc10Clip).label),
    params,
    threads,
  });
  using booster = await train({
    params,
    train: data,
    rounds: esc10Settings.rounds,
    seed: options.seed,
    threads,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const judged = placesWhere(true);
  const predicted = await booster.predict(matrixOf(judged), { threads });
  judged.forEach((place, row) =>
    predictions.set(predicted.data.subarray(row * classes.length, (row + 1) * classes.length), place * classes.length),
  );
}
