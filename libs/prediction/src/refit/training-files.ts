import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Which predictions a table takes of the nets: out-of-fold ones for `train`, fold means for the others. */
export type TableSplit = 'train' | 'test' | 'other';

/** Where the second level's columns of these clips lie, below the artifact folder. */
export function secondLevelPath(split: TableSplit): string {
  return `second-level/${split}.parquet`;
}

/** What a training says of itself so that its second level can be fitted again, below the artifact folder. */
export const trainingFactsFile = 'second-level/training.json';

/** Why a folder is no training that a second level can be fitted with again; undefined where it may be one. */
export function whyNoTraining(artifacts: string): string | undefined {
  if (!existsSync(join(artifacts, secondLevelPath('train')))) {
    return `there is no training in ${artifacts}: the second level's table of the training clips is needed`;
  }
  if (!existsSync(join(artifacts, trainingFactsFile))) {
    return `the training in ${artifacts} is of an earlier version, which did not keep what a re-fit needs`;
  }
  return undefined;
}
