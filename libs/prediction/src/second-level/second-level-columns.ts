import type { Profile } from '@primatrix/contracts';
import { captureTime } from '@primatrix/dataset';
import type { FeatureMatrix, FileTimes, JsonValue, MetadataFamily, MetadataSettings } from '@primatrix/families';
import type { FirstLevelRecord } from '../first-level/first-level-record.ts';

/** Prefixes that keep columns of different families apart: `<family>/<column>`. */
export function columnPrefix(family: string): string {
  return `${family}/`;
}

/** What stackers see where a column is missing: NaN, or -1 as the original's did. */
export function missingValue(profile: Profile): number {
  return profile === 'competition' ? -1 : Number.NaN;
}

/** What a matrix is made for. */
export interface ClipMatrixOptions {
  readonly profile: Profile;
  readonly metadata: MetadataFamily;
  /** What the metadata family compares clips with. */
  readonly reference: JsonValue;
  /** Of the metadata family; default: the usual columns. */
  readonly settings?: MetadataSettings | undefined;
  readonly classes: readonly string[];
  /** Names of the columns, as in training. */
  readonly columns: readonly string[];
  /** Columns about the clips before and after, by filename and then by name; none where a clip has no neighbours. */
  readonly neighbours?: (filename: string) => ReadonlyMap<string, number>;
}

/** What orders clips instead counts as their modification time, as in training. */
function modifiedOf({ modifiedAt, orderedAt = modifiedAt }: FirstLevelRecord): FileTimes {
  return orderedAt === null ? {} : { clip: new Date(orderedAt) };
}

/**
 * Rows of the feature table, one a record. In training the same columns come from Parquet tables: the end-to-end test
 * holds the two together.
 */
export function clipMatrix(records: readonly FirstLevelRecord[], options: ClipMatrixOptions): FeatureMatrix {
  const { profile, metadata, reference, settings, classes, columns, neighbours } = options;
  const missing = missingValue(profile);
  const data = new Float32Array(records.length * columns.length);
  for (const [row, record] of records.entries()) {
    const values = new Map<string, number>(neighbours?.(record.filename));
    const add = (prefix: string, named: Readonly<Record<string, number | null>>) => {
      for (const [name, value] of Object.entries(named)) {
        if (value !== null) values.set(columnPrefix(prefix) + name, value);
      }
    };
    if (record.metadata !== null) {
      add(
        metadata.name,
        metadata.columns(record.metadata, {
          profile,
          reference,
          capturedAt: captureTime(record.capturedAt ?? ''),
          settings,
          modified: modifiedOf(record),
        }),
      );
    }
    for (const [feature, numbers] of Object.entries(record.rows)) add(feature, numbers);
    for (const [net, probabilities] of Object.entries(record.nets)) {
      add(net, Object.fromEntries(classes.map((name, i) => [name, probabilities[i] ?? null])));
    }
    columns.forEach((name, i) => {
      const value = values.get(name) ?? Number.NaN;
      data[row * columns.length + i] = Number.isNaN(value) ? missing : value;
    });
  }
  return { data, rows: records.length, columns };
}
