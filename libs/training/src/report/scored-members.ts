import { join } from 'node:path';
import { readNetPredictions, type NetPredictions } from '@primatrix/feature-table';
import type { ScoredPredictions } from '@primatrix/metrics';
import { readOutOfFold } from '../ensemble/member-tables.ts';
import { trainedNets } from '../nets/trained-nets.ts';
import { familySet, type Training } from '../plan/training.ts';
import { memberName } from '../second-level/stack.ts';

/** Out-of-fold predictions of one model beside the labels of its clips. */
export interface ScoredMember extends ScoredPredictions {
  readonly name: string;
  readonly kind: 'net' | 'stacker' | 'ensemble';
  /** [rows] */
  readonly filenames: readonly string[];
}

/** Reads the out-of-fold predictions of the ensemble, which comes first, of all stackers and of all nets. */
export async function scoredMembers(training: Training): Promise<readonly [ScoredMember, ...ScoredMember[]]> {
  const { artifacts, dataset, families, profile } = training;
  const { classes } = dataset;
  const labelOf = new Map(dataset.clips.map((clip) => [clip.filename, clip.labels]));
  const scored = (
    name: string,
    kind: ScoredMember['kind'],
    { filenames, probabilities }: NetPredictions,
  ): ScoredMember => ({
    ...{ name, kind, filenames, classes, predictions: probabilities },
    labels: Uint8Array.from(
      filenames.flatMap((filename) => [...(labelOf.get(filename) ?? new Uint8Array(classes.length))]),
    ),
  });
  const read = async (name: string, kind: ScoredMember['kind'], folder: string) =>
    scored(name, kind, await readNetPredictions(join(artifacts, folder, name, 'train.parquet'), classes));
  const stackers = familySet(families, profile).stacks.flatMap((family) =>
    Object.keys(family.variants[profile]).map((variant) => memberName(family, variant)),
  );
  return [
    scored('ensemble', 'ensemble', await readOutOfFold(artifacts, classes)),
    ...(await Promise.all(stackers.map((name) => read(name, 'stacker', 'stack')))),
    ...(await Promise.all((await trainedNets(training)).map(({ name }) => read(name, 'net', 'nets')))),
  ];
}
