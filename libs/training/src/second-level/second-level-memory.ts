import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackFamily } from '@primatrix/families';
import { readFeatureIndex } from '../features/feature-index.ts';
import { trainedNets } from '../nets/trained-nets.ts';
import { usualMemory } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { neighbourNets } from './neighbours.ts';

/** Columns in memory are float64: those that were read, and the same in the order of the clips. */
const bytesRead = 16;
/** A matrix is float32. */
const bytesOfMatrix = 4;
/** The joined columns go on as rows of text and back in DuckDB's own buffers when they are written. */
const bytesWritten = 8;
/** About what the metadata family makes. */
const metadataColumns = 20;

/** Rough bytes that joining the second level's table holds at most; known once nets and features are there. */
export async function tableMemory(training: Training): Promise<number> {
  const { artifacts, dataset, profile, families } = training;
  const { features, neighbours } = familySet(families, profile);
  const classes = dataset.classes.length;
  let columns = metadataColumns + (await trainedNets(training)).length * classes;
  columns += (await neighbourNets(training)).length * neighbours.settings[profile].ks.length * classes;
  for (const { name } of features) columns += (await readFeatureIndex(artifacts, name)).columns.length;
  return usualMemory + dataset.clips.length * columns * (bytesRead + bytesWritten);
}

/** Rough bytes that fitting one variant of a stacker holds at most, folds one after the other; known once the table is there. */
export async function stackMemory({ artifacts, dataset }: Training, family: StackFamily): Promise<number> {
  const dictionary = await readFile(join(artifacts, 'second-level/dictionary.csv'), 'utf8');
  const columns = dictionary.split('\n').length - 2;
  const labelled = dataset.clips.filter(({ split }) => split === 'train').length * columns;
  const others = dataset.clips.length * columns - labelled;
  // What was read is freed late, so it counts beside a fold's copy of the rows and what the library makes of it.
  const fitting = 2 * bytesOfMatrix + (family.bytesPerValue ?? bytesOfMatrix);
  return usualMemory + Math.max(labelled * (bytesRead + fitting), others * (bytesRead + bytesOfMatrix));
}
