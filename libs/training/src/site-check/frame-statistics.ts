import { join } from 'node:path';
import type { FeatureMatrix } from '@primatrix/families';
import { joinTables, toMatrix } from '@primatrix/feature-table';
import { columnPrefix } from '@primatrix/prediction';
import { float16ToFloat32, readTensorFile } from '@primatrix/tensor-store';
import { readFeatureIndex } from '../features/feature-index.ts';
import { featureRowsPath } from '../features/features.ts';
import { metadataColumnsFile } from '../ingest/ingest.ts';
import { familySet, type Training } from '../plan/training.ts';

/**
 * What is known of clips without any net: metadata and summary columns, and mean and deviation over the frames of every
 * feature that has a vector a frame. NaN where a clip lacks a feature.
 * @param filenames the rows, sorted
 */
export async function frameStatistics(
  training: Training,
  filenames: readonly string[],
  signal: AbortSignal,
): Promise<FeatureMatrix> {
  const { artifacts, families, profile } = training;
  const { metadata, features } = familySet(families, profile);
  const table = await joinTables(
    [
      { path: join(artifacts, metadataColumnsFile), prefix: columnPrefix(metadata.name) },
      ...features.map(({ name }) => ({
        path: join(artifacts, featureRowsPath(name)),
        prefix: columnPrefix(name),
      })),
    ],
    filenames,
  );
  const parts: FeatureMatrix[] = [toMatrixOf(table)];
  for (const { name } of features) parts.push(await statisticsOf(artifacts, name, filenames, signal));
  return sideBySide(parts, filenames.length);
}

function toMatrixOf(table: Parameters<typeof toMatrix>[0]): FeatureMatrix {
  const { data, rows, columns } = toMatrix(table);
  return { data, rows: rows.length, columns };
}

async function statisticsOf(
  artifacts: string,
  feature: string,
  filenames: readonly string[],
  signal: AbortSignal,
): Promise<FeatureMatrix> {
  const { clips } = await readFeatureIndex(artifacts, feature);
  // Volumes such as micro clips have no vector a frame.
  const fileOf = new Map(
    clips.flatMap(({ filename, file, shape }) =>
      file === null || shape?.length !== 2 ? [] : [[filename, file] as const],
    ),
  );
  const width = clips.find(({ filename }) => fileOf.has(filename))?.shape?.[1] ?? 0;
  const data = new Float32Array(filenames.length * 2 * width).fill(Number.NaN);
  for (const [row, filename] of filenames.entries()) {
    signal.throwIfAborted();
    const file = fileOf.get(filename);
    if (file === undefined) continue;
    const tensor = await readTensorFile(join(artifacts, file));
    const values = tensor.dtype === 'float16' ? float16ToFloat32(tensor.data as Uint16Array) : tensor.data;
    data.set(meanAndDeviation(values, width), row * 2 * width);
  }
  const names = (statistic: string) =>
    Array.from({ length: width }, (_, i) => `${columnPrefix(feature)}${statistic}_${i}`);
  return { data, rows: filenames.length, columns: [...names('frame_mean'), ...names('frame_deviation')] };
}

/** [frames, width] to [2 * width]; NaN where there is no frame. */
function meanAndDeviation(values: ArrayLike<number | bigint>, width: number): Float64Array {
  const frames = values.length / width;
  const statistics = new Float64Array(2 * width);
  for (let i = 0; i < values.length; i++) {
    const at = i % width;
    statistics[at] = (statistics[at] ?? 0) + Number(values[i]) / frames;
  }
  for (let i = 0; i < values.length; i++) {
    const at = i % width;
    statistics[width + at] = (statistics[width + at] ?? 0) + (Number(values[i]) - (statistics[at] ?? 0)) ** 2 / frames;
  }
  return frames === 0
    ? statistics.fill(Number.NaN)
    : statistics.map((value, i) => (i < width ? value : Math.sqrt(value)));
}

function sideBySide(parts: readonly FeatureMatrix[], rows: number): FeatureMatrix {
  const columns = parts.flatMap((part) => [...part.columns]);
  const data = new Float32Array(rows * columns.length);
  let at = 0;
  for (const part of parts) {
    const width = part.columns.length;
    for (let row = 0; row < rows; row++) {
      data.set(part.data.subarray(row * width, (row + 1) * width), row * columns.length + at);
    }
    at += width;
  }
  return { data, rows, columns };
}
