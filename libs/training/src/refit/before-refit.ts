import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Family } from '@primatrix/families';
import { readNetPredictions } from '@primatrix/feature-table';
import { addShare, bundledFamily, RefitError, type BundleManifest } from '@primatrix/prediction';
import { readOutOfFold } from '../ensemble/member-tables.ts';
import { matrixRows } from '../second-level/second-level-table.ts';
import type { RefitRows } from './refit-rows.ts';

/** What the bundle that is in use says of the clips of a re-fit. */
export interface BeforeRefit {
  /** [clips, classes]: of each clip what models say that learned from no clip of its site. */
  readonly outOfFold: Float64Array;
  /** [reviewed clips, classes]: as the bundle predicts them; null where it has learned from some of them. */
  readonly asPredicted: Float64Array | null;
}

/**
 * Predictions to compare a re-fit with. Of clips that the bundle learned from it kept what was said out of fold; of all
 * others the second level's model of the clip's own fold is asked, as afterwards.
 * @param folder of the bundle
 */
export async function beforeRefit(
  rows: RefitRows,
  {
    folder,
    manifest,
    artifacts,
    families,
  }: {
    readonly folder: string;
    readonly manifest: BundleManifest;
    readonly artifacts: string;
    readonly families: readonly Family[];
  },
): Promise<BeforeRefit> {
  const { classes, refit } = manifest;
  const width = classes.length;
  const kept =
    refit === undefined
      ? await readOutOfFold(artifacts, classes)
      : await readNetPredictions(join(folder, refit.outOfFold.path), classes);
  const rowOf = new Map(kept.filenames.map((name, row) => [name, row]));
  const fresh = await freshPredictions(rows, folder, manifest, families);
  const outOfFold = new Float64Array(rows.keys.length * width);
  let learned = false;
  for (const [i, key] of rows.keys.entries()) {
    const row = rowOf.get(key);
    if (row === undefined && i < rows.trained) {
      throw new RefitError('REFIT_TRAINING', `refit: the out-of-fold predictions lack the training clip ${key}`, {
        fields: { clip: key },
        hint: 'run primatrix train again: it makes again only what is missing',
      });
    }
    if (row !== undefined && i >= rows.trained) learned = true;
    const at = (i - rows.trained) * width;
    outOfFold.set(
      row === undefined
        ? fresh.ofFold.subarray(at, at + width)
        : kept.probabilities.subarray(row * width, (row + 1) * width),
      i * width,
    );
  }
  return { outOfFold, asPredicted: learned || rows.keys.length === rows.trained ? null : fresh.mean };
}

/** Of the reviewed clips: what the stackers' models of each clip's fold say, and the mean of all of them, which the bundle predicts. */
async function freshPredictions(
  { keys, trained, matrix, foldOf }: RefitRows,
  folder: string,
  { classes, stacks, ensemble }: BundleManifest,
  families: readonly Family[],
): Promise<{ ofFold: Float64Array; mean: Float64Array }> {
  const width = classes.length;
  const reviewed = matrixRows(matrix, [...keys.keys()].slice(trained));
  if (reviewed.rows === 0) return { ofFold: new Float64Array(), mean: new Float64Array() };
  const means: { name: string; probabilities: Float64Array }[] = [];
  const own: typeof means = [];
  for (const part of stacks) {
    const family = bundledFamily(families, 'stack', part);
    const [mean, ofFold] = [new Float64Array(reviewed.rows * width), new Float64Array(reviewed.rows * width)];
    for (const [i, { path }] of part.models.entries()) {
      const model = await family.load(await readFile(join(folder, path), 'utf8'));
      const predicted = await model.predict(reviewed).finally(() => model.dispose());
      addShare(mean, predicted, part.models.length);
      for (let row = 0; row < reviewed.rows; row++) {
        if (foldOf[trained + row] === i + 1) {
          ofFold.set(predicted.subarray(row * width, (row + 1) * width), row * width);
        }
      }
    }
    means.push({ name: part.member, probabilities: mean });
    own.push({ name: part.member, probabilities: ofFold });
  }
  const { combine } = bundledFamily(families, 'ensemble', ensemble);
  return {
    ofFold: combine(own, ensemble.weights, ensemble.calibration),
    mean: combine(means, ensemble.weights, ensemble.calibration),
  };
}
