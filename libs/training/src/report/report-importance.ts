import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { restoredCell } from '@primatrix/files';
import { parse } from 'csv-parse/sync';
import type { ReportImportance } from '@primatrix/report';
import { z } from 'zod';

const rowsSchema = z.array(z.object({ column: z.string(), gain: z.coerce.number().nonnegative() }));

/** Columns that are shown of each stacker. */
const mostShown = 15;

/** Reads a stacker's `importance.csv`: shares of all gain, by column and by the family that columns are from. */
export async function reportImportance(artifacts: string, member: string): Promise<ReportImportance> {
  const text = await readFile(join(artifacts, `stack/${member}/importance.csv`), 'utf8');
  const rows = rowsSchema.parse(parse(text, { columns: true, cast: restoredCell }));
  const total = rows.reduce((sum, { gain }) => sum + gain, 0) || 1;
  const columns = rows.map(({ column, gain }) => ({ ...splitName(column), share: gain / total }));
  const sources = new Map<string, { columns: number; share: number }>();
  for (const { source, share } of columns) {
    const sum = sources.get(source) ?? { columns: 0, share: 0 };
    sources.set(source, { columns: sum.columns + 1, share: sum.share + share });
  }
  return {
    member,
    sources: [...sources]
      .map(([source, sum]) => ({ source, ...sum }))
      .sort((a, b) => b.share - a.share || (a.source < b.source ? -1 : 1)),
    columns: columns
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share)
      .slice(0, mostShown),
  };
}

/** Columns are named `<family>/<column>`. */
function splitName(name: string): { readonly source: string; readonly column: string } {
  const slash = name.indexOf('/');
  return { source: slash < 0 ? '' : name.slice(0, slash), column: name.slice(slash + 1) };
}
