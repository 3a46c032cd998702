import { join } from 'node:path';
import { captureTime } from '@primatrix/dataset';
import type { NeighbourFamily } from '@primatrix/families';
import { isNumberColumn, readTable, writeNetPredictions, writeTable } from '@primatrix/feature-table';
import { scratchFolder } from '@primatrix/files';
import type { BundleManifest } from '../bundle/bundle-manifest.ts';
import type { NeighbourClip } from '../first-level/first-level-records.ts';
import { columnPrefix } from './second-level-columns.ts';

/**
 * Columns about the clips before and after, for the clips of one run: by filename and then by the name of the column,
 * missing ones left out. It goes the way of training, over tables, so that both come to the same numbers.
 */
export async function neighbourColumns(
  clips: readonly NeighbourClip[],
  {
    family,
    part,
    classes,
  }: {
    readonly family: NeighbourFamily;
    readonly part: BundleManifest['neighbours'];
    readonly classes: readonly string[];
  },
): Promise<(filename: string) => ReadonlyMap<string, number>> {
  const none: ReadonlyMap<string, number> = new Map();
  if (part.nets.length === 0 || clips.length === 0) return () => none;
  await using folder = await scratchFolder('primatrix-neighbours');
  const places = join(folder.path, 'clips.parquet');
  const bySite = part.order === 'site';
  const byCapture = part.times === undefined ? bySite : part.times === 'captured';
  await writeTable(places, {
    keys: clips.map(({ filename }) => filename),
    columns: [
      { name: 'part', text: clips.map(() => 'all') },
      { name: 'site', text: clips.map(({ site }) => (bySite ? site : 'all')) },
      {
        name: 'moment',
        values: Float64Array.from(
          clips,
          ({ capturedAt, modifiedAt, orderedAt = byCapture ? capturedAt : modifiedAt }) =>
            captureTime(orderedAt ?? '')?.getTime() ?? Number.NaN,
        ),
      },
    ],
  });
  const nets = part.nets.map((name, i) => ({ name, sources: [{ path: join(folder.path, `net-${i}.parquet`) }] }));
  for (const { name, sources } of nets) {
    const predicted = clips.filter(({ nets: of }) => Object.hasOwn(of, name));
    await writeNetPredictions(sources[0]?.path ?? '', {
      filenames: predicted.map(({ filename }) => filename),
      classes,
      probabilities: Float64Array.from(predicted.flatMap(({ nets: of }) => of[name] ?? [])),
    });
  }
  const out = join(folder.path, 'out.parquet');
  const { ks, window = 'predicted' } = part;
  await family.write({ clips: places, passes: [{ parts: ['all'], nets }], classes, ks, window, out });
  const table = await readTable(out);
  const rowOf = new Map(table.keys.map((key, row) => [key, row]));
  const columns = table.columns
    .filter(isNumberColumn)
    .map(({ name, values }) => ({ name: columnPrefix(family.name) + name, values }));
  return (filename) => {
    const row = rowOf.get(filename);
    return row === undefined ? none : new Map(columns.map(({ name, values }) => [name, values[row] ?? Number.NaN]));
  };
}
