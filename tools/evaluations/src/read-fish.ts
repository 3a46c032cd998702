import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { readCells } from '@primatrix/dataset';
import type { LabelledRows } from '@primatrix/few-labels';
import { readTensorFile } from '@primatrix/tensor-store';

/** Pictures of fish as vectors. */
export interface FishPictures {
  /** Classes are species. */
  readonly known: LabelledRows;
  /** By picture: the fish that it is of, and the fold that this is in. */
  readonly tracks: readonly string[];
  readonly folds: readonly string[];
}

/**
 * Reads Fish4Knowledge and the vectors of its pictures.
 * @param data folder with labels.csv and folds.csv
 * @param path safetensors file, float32 [pictures, width], in the order of labels.csv
 * @throws UsageError `FISH_FEATURES` where the vectors are not those of the pictures
 */
export async function readFish(data: string, path: string): Promise<FishPictures> {
  const column = async (table: string, name: string) => {
    const { header, rows } = await readCells(join(data, table));
    const at = header.indexOf(name);
    return rows.map(({ cells }) => cells[at] ?? '');
  };
  const species = (await column('labels.csv', 'species')).map(Number);
  const tracks = await column('labels.csv', 'track');
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
  return { known: { data: values, rows, width, labels, classes }, tracks, folds };
}
