import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import type { Dataset } from '@primatrix/dataset';
import type { EnsembleMember } from '@primatrix/families';
import { readNetPredictions, type NetPredictions } from '@primatrix/feature-table';
import { ensembleTrainFile } from './ensemble-files.ts';

/** The second level's predictions of the same clips. */
export interface MemberTables {
  readonly filenames: readonly string[];
  readonly members: readonly EnsembleMember[];
  /** [clips] from 1; train tables only. */
  readonly folds: Int32Array | undefined;
}

/** A table of the ensemble or of a member is missing, or does not fit the others; `fields` name table and clip. */
export class EnsembleTableError extends UsageError {}

/**
 * Reads `stack/<member>/<split>.parquet` of all members.
 * @throws EnsembleTableError, FeatureTableError naming the table, and the column or clip, where it is missing, damaged or does not fit the others
 */
export async function readMemberTables(
  artifacts: string,
  names: readonly string[],
  split: 'train' | 'test',
  classes: readonly string[],
): Promise<MemberTables> {
  let first: MemberTables | undefined;
  const members: EnsembleMember[] = [];
  for (const name of names) {
    const file = `stack/${name}/${split}.parquet`;
    const fault = (rule: string, clip?: string) =>
      new EnsembleTableError('ENSEMBLE_TABLE', `ensemble: ${file}: ${rule}`, {
        fields: { table: file, clip: clip ?? null },
        hint: `remove stack/${name} from the artifacts and train again: what is there is not made again`,
      });
    if (!existsSync(join(artifacts, file))) throw fault('the table is not there');
    const { filenames, probabilities, folds } = await readNetPredictions(join(artifacts, file), classes);
    const twice = filenames.find((filename, row) => filenames[row - 1] === filename);
    if (twice !== undefined) throw fault(`the clip ${twice} is there twice`, twice);
    const hole = probabilities.findIndex((p) => Number.isNaN(p));
    if (hole >= 0) {
      const clip = filenames[Math.floor(hole / classes.length)] as string;
      throw fault(`there is no prediction of the clip ${clip}, column "${classes[hole % classes.length]}"`, clip);
    }
    if (split === 'train' && folds === undefined) throw fault('there must be a column "fold"');
    if (first !== undefined) {
      const other = differing(first.filenames, filenames);
      if (other !== undefined) {
        throw fault(
          `the clip ${other} is in this table or in stack/${names[0]}/${split}.parquet, and must be in both`,
          other,
        );
      }
      const moved = filenames.find((_, row) => folds?.[row] !== first?.folds?.[row]);
      if (moved !== undefined) {
        throw fault(`the clip ${moved} is in another fold than in stack/${names[0]}/${split}.parquet`, moved);
      }
    }
    members.push({ name, probabilities: Float64Array.from(probabilities) });
    first ??= { filenames, folds, members };
  }
  return first ?? { filenames: [], folds: undefined, members };
}

/**
 * Labels of the clips of a table, [clips, classes].
 * @throws EnsembleTableError naming a clip that the dataset has no labels of
 */
export function labelsOfClips(dataset: Dataset, filenames: readonly string[]): Uint8Array {
  const labelsOf = new Map(dataset.clips.map((clip) => [clip.filename, clip.labels]));
  const labels = new Uint8Array(filenames.length * dataset.classes.length);
  filenames.forEach((name, row) => {
    const known = labelsOf.get(name);
    if (known === undefined) {
      throw new EnsembleTableError(
        'ENSEMBLE_TABLE',
        `ensemble: the clip ${name} has out-of-fold predictions, but the dataset has no labels of it`,
        { fields: { clip: name }, hint: 'train again: the dataset has changed since' },
      );
    }
    labels.set(known, row * dataset.classes.length);
  });
  return labels;
}

/** The first name that is in one sorted list only. */
function differing(a: readonly string[], b: readonly string[]): string | undefined {
  const row = a.length > b.length ? a.findIndex((name, i) => name !== b[i]) : b.findIndex((name, i) => name !== a[i]);
  if (row < 0) return undefined;
  const [left, right] = [a[row], b[row]];
  return left === undefined || (right !== undefined && right < left) ? right : left;
}

/**
 * The ensemble's final out-of-fold predictions of the labelled clips.
 * @param artifacts `artifacts/<dataset>`
 * @throws EnsembleTableError where there are none yet; FeatureTableError where they have other classes
 */
export async function readOutOfFold(artifacts: string, classes: readonly string[]): Promise<NetPredictions> {
  const path = join(artifacts, ensembleTrainFile);
  if (!existsSync(path)) {
    throw new EnsembleTableError('ENSEMBLE_NOT_FOUND', `ensemble: there are no predictions in ${path}`, {
      hint: 'run primatrix train on the dataset first, or name its --artifacts',
    });
  }
  return readNetPredictions(path, classes);
}
