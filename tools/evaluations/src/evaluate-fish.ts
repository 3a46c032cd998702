import { siteGroups } from '@primatrix/dataset';
import { fitLinearProbe, leaveGroupsOut, nearestNeighbours, type LabelledRows } from '@primatrix/few-labels';
import { accuracy, logLoss, standardError } from '@primatrix/metrics';
import type { FishPictures } from './read-fish.ts';

/** Scores over all pictures, each predicted by what saw no picture of its fold. JSON. */
interface FishScores {
  readonly accuracy: number;
  /** Of the accuracy, by bootstrap over the tracks; null where there are too few. */
  readonly standardError: number | null;
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

/** Species of fish by vectors of their pictures, in five folds by track: pictures of one fish are seconds apart, and never on both sides. */
export async function evaluateFish(
  { known, folds, tracks }: FishPictures,
  { onProgress }: { readonly onProgress?: (note: string) => void } = {},
): Promise<FishResult> {
  const classes = Array.from({ length: known.classes }, (_, c) => `species ${c + 1}`);
  const { groupOf: groups } = siteGroups(tracks.map((site) => ({ site })));
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
    scores[name] = {
      accuracy: accuracy(scored),
      standardError: standardError(rightlyTold(probabilities, known), { groups }),
      macroF1: macroF1(probabilities, known),
      logLoss: logLoss(scored),
    };
  }
  return { pictures: known.rows, species: known.classes, folds: 'by track', strength, scores };
}

/** By picture: the likeliest species, numbered from 0. */
function likeliest(probabilities: Float64Array, { rows, classes }: LabelledRows): number[] {
  return Array.from({ length: rows }, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.reduce((best, p, c) => (p > (own[best] as number) ? c : best), 0);
  });
}

/** By picture: the species that it shows, numbered from 0. */
function shownSpecies({ rows, classes, labels }: LabelledRows): number[] {
  return Array.from({ length: rows }, (_, row) => labels.subarray(row * classes, (row + 1) * classes).indexOf(1));
}

function rightlyTold(probabilities: Float64Array, known: LabelledRows): number[] {
  const species = shownSpecies(known);
  return likeliest(probabilities, known).map((told, row) => (told === species[row] ? 1 : 0));
}

function macroF1(probabilities: Float64Array, known: LabelledRows): number {
  const { classes } = known;
  const [right, said, shown] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)];
  const add = (counts: Float64Array, c: number) => (counts[c] = (counts[c] as number) + 1);
  const species = shownSpecies(known);
  for (const [row, told] of likeliest(probabilities, known).entries()) {
    const own = species[row] as number;
    add(said, told);
    add(shown, own);
    if (told === own) add(right, own);
  }
  // 2 TP / (2 TP + FP + FN); a species that is never said right has 0.
  return right.reduce((sum, tp, c) => sum + (2 * tp) / ((said[c] as number) + (shown[c] as number)), 0) / classes;
}
