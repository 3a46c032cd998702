import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { readCells } from '@primatrix/dataset';
import { fitLinearProbe, leaveGroupsOut, nearestNeighbours, type LabelledRows } from '@primatrix/few-labels';
import { accuracy, logLoss } from '@primatrix/metrics';
import { readTensorFile } from '@primatrix/tensor-store';

/** Where Fish4Knowledge lies, and the vectors of its pictures. */
export interface FishOptions {
  /** Folder with labels.csv and folds.csv. */
  readonly data: string;
  /** Safetensors file, float32 [pictures, width], in the order of labels.csv. */
  readonly features: string;
  readonly onProgress?: (note: string) => void;
}

/** Scores over all pictures, each predicted by what saw no picture of its fold. JSON. */
interface FishScores {
  readonly accuracy: number;
  /** Mean over species of the harmonic mean of precision and recall. */
  readonly macroF1: number;
  readonly logLoss: number;
}

/** What an evaluation came to, by classifier; JSON. */
export interface FishResult {
  readonly pictures: number;
  readonly species: number;
  readonly folds: 'by track';
  readonly strength: number;
  readonly scores: Readonly<Record<string, FishScores>>;
}

/** As scikit-learn's in the reference: fixed before the scores were seen. */
const strength = 0.01;

/**
 * Species of fish by vectors of their pictures, in five folds by track: pictures of one fish are seconds apart, and never on both sides.
 * @throws UsageError `FISH_FEATURES` where the vectors are not those of the pictures
 */
export async function evaluateFish({ data, features, onProgress }: FishOptions): Promise<FishResult> {
  const { known, folds } = await readFish(data, features);
  const classes = Array.from({ length: known.classes }, (_, c) => `species ${c + 1}`);
  const scores: Record<string, FishScores> = {};
  const classifiers: Record<string, Parameters<typeof leaveGroupsOut>[2]['predict']> = {
    'linear probe': async (train, rows) => (await fitLinearProbe(train, { strength })).predict(rows),
    'linear probe, balanced': async (train, rows) =>
      (await fitLinearProbe(train, { strength, balanced: true })).predict(rows),
    'linear probe, one against rest': async (train, rows) =>
      (await fitLinearProbe(train, { strength, oneAgainstRest: true })).predict(rows),
    neighbours: nearestNeighbours,
  };
  for (const [name, predict] of Object.entries(classifiers)) {
    onProgress?.(name);
    const { probabilities } = await leaveGroupsOut(known, folds, { predict });
    const scored = { classes, predictions: probabilities, labels: known.labels };
    scores[name] = { accuracy: accuracy(scored), macroF1: macroF1(probabilities, known), logLoss: logLoss(scored) };
  }
  return { pictures: known.rows, species: known.classes, folds: 'by track', strength, scores };
}

async function readFish(data: string, path: string): Promise<{ known: LabelledRows; folds: string[] }> {
  const column = async (table: string, name: string) => {
    const { header, rows } = await readCells(join(data, table));
    const at = header.indexOf(name);
    return rows.map(({ cells }) => cells[at] ?? '');
  };
  const species = (await column('labels.csv', 'species')).map(Number);
  const folds = await column('folds.csv', 'fold_track');
  const { shape, data: values } = await readTensorFile(path);
  const [rows, width = 0] = shape;
  if (rows !== species.length || !(values instanceof Float32Array)) {
    throw new UsageError(
      'FISH_FEATURES',
      `fish: ${path} must be float32 [${species.length}, …], got [${shape.join(', ')}]`,
    );
  }
  const classes = Math.max(...species);
  const labels = new Uint8Array(species.length * classes);
  species.forEach((number, row) => (labels[row * classes + number - 1] = 1));
  return { known: { data: values, rows, width, labels, classes }, folds };
}

function macroF1(probabilities: Float64Array, { rows, classes, labels }: LabelledRows): number {
  const [right, said, shown] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  const add = (counts: Float64Array, c: number) => (counts[c] = (counts[c] as number) + 1);
  for (let row = 0; row < rows; row++) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    const likeliest = own.reduce((best, p, c) => (p > (own[best] as number) ? c : best), 0);
    const species = labels.subarray(row * classes, (row + 1) * classes).indexOf(1);
    add(said, likeliest);
    add(shown, species);
    if (likeliest === species) add(right, species);
  }
  // 2 TP / (2 TP + FP + FN); a species that is never said right has 0.
  return right.reduce((sum, tp, c) => sum + (2 * tp) / ((said[c] as number) + (shown[c] as number)), 0) / classes;
}
