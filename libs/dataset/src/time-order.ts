import { DatasetError } from './dataset-error.ts';
import { describeJoin, joinOrRefuse } from './join-table.ts';
import { readOrigins } from './sites.ts';

/** Where the times come from that put clips before and after each other: files' modification times, or a table. */
export type TimeOrder =
  | { readonly by: 'modified' }
  /** By the clips' own names; a clip that the table lacks has no time. */
  | { readonly by: 'table'; readonly times: ReadonlyMap<string, Date> };

/**
 * Reads what is asked for: `modified`, or the path of a table with `filename` and `captured_at`, which may name clips by path
 * or by base name.
 * @param filenames the clips' names; no file need be there
 * @returns also what of clips and table does not belong together: sentences for people
 * @throws DatasetError where the table breaks a rule, has no times, or names none of the clips (DATASET_UNMATCHED)
 */
export async function readTimeOrder(
  asked: string,
  filenames: readonly string[],
): Promise<{ readonly order: TimeOrder; readonly unmatched: readonly string[] }> {
  if (asked === 'modified') return { order: { by: 'modified' }, unmatched: [] };
  const { hasTimes, byFilename } = await readOrigins(asked);
  if (!hasTimes) {
    throw new DatasetError(
      'CSV_HEADER',
      'there must be a column "captured_at"',
      { file: asked, line: 1 },
      'The header reads filename,captured_at.',
    );
  }
  const join = joinOrRefuse(filenames, byFilename, asked);
  const times = filenames.flatMap((name, i) => {
    const time = join.rows[i]?.capturedAt;
    return time === undefined ? [] : [[name, time] as const];
  });
  return { order: { by: 'table', times: new Map(times) }, unmatched: describeJoin(join, asked) };
}
