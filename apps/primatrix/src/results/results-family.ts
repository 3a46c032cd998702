import { parseSettings, profiles } from '@primatrix/contracts';
import { clipName } from '@primatrix/dataset';
import type { ClipResults } from '@primatrix/exchange';
import type { ClipFeatures, FeatureFamily } from '@primatrix/families';
import { digestOf } from '@primatrix/files';
import { z } from 'zod';

/** Of a form of results; raised where a column gets another meaning. */
const version = '1.0.0';

const settingsSchema = z.strictObject({ madeBy: z.string(), rows: z.string() });

/** Columns that go to the second level, as of a model: a classifier may know thousands. */
const columnsAtMost = 120;

/**
 * Results of another program as a feature family that looks at nothing: a clip's row is what the program said of it, and a clip of which
 * it said nothing has missing values. Its tensors hold the same, [1, columns], and no net reads them.
 * @param rowOf of a clip, by its own name; undefined: nothing is said of it
 */
export function resultsFamily(
  { format, madeBy, columns, rows }: ClipResults,
  rowOf: (filename: string) => Float64Array | undefined,
): FeatureFamily {
  const name = `${format}-results`;
  // Other rows are other features; whoever predicts brings other rows, so they are no weights.
  const settings = { madeBy, rows: digestOf({ columns, rows: [...rows].map(([clip, row]) => [clip, ...row]) }) };
  const featuresOf = (filename: string): ClipFeatures => {
    const row = rowOf(clipName(filename)) ?? new Float64Array(columns.length).fill(Number.NaN);
    return {
      tensor: { dtype: 'float32', shape: [1, columns.length], data: Float32Array.from(row) },
      row: Object.fromEntries(columns.map((column, i) => [column, row[i] ?? Number.NaN])),
    };
  };
  return {
    kind: 'features',
    name,
    version,
    summary: `results of ${madeBy === '' ? format : madeBy}`,
    settings: { laptop: settings, competition: settings },
    rowsAlone: profiles,
    columnsAtMost,
    ofResults: true,
    rowShape: () => [columns.length],
    mostRows: () => 1,
    weightsDigest: async () => null,
    async open(given) {
      parseSettings(given, settingsSchema, { name, example: '{ "madeBy": "", "rows": "" }' });
      return {
        weights: { source: 'none', digest: null, note: `results of ${madeBy === '' ? format : madeBy}` },
        pixels: 'none',
        start: (clip) => ({
          wants: () => false,
          push: () => undefined,
          finish: async () => featuresOf(clip.name),
        }),
        dispose: async () => undefined,
      };
    },
  };
}
