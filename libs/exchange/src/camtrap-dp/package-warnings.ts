import type { TimeZone } from '../capture-time/time-zone.ts';
import { allClasses, type ClipRecord } from '../clip-record.ts';
import type { TaxonTable } from '../taxa.ts';

/** What a reader of the package should know: times, places and names that are missing, in sentences. */
export function packageWarnings(
  records: readonly ClipRecord[],
  classes: readonly string[],
  { taxa, timeZone }: { readonly taxa: TaxonTable; readonly timeZone?: TimeZone | undefined },
  deployments: number,
  located: number,
): string[] {
  const undated = records.filter(({ time }) => time === null).length;
  const zoneless = records.filter(({ time }) => time !== null && time.zone === null).length;
  const unnamed = allClasses(records, classes).filter((name) => !taxa.has(name));
  return [
    ...(undated > 0
      ? [
          `${undated} of ${records.length} clips have no known capture time: 1970 stands for it, and their deployments say so`,
        ]
      : []),
    ...(zoneless > 0 && timeZone === undefined
      ? [`${zoneless} capture times state no zone and are written as if UTC: give the cameras' zone with --time-zone`]
      : []),
    ...(located < deployments
      ? [
          `${deployments - located} of ${deployments} deployments have no known coordinates: give latitude and longitude in a table with --sites`,
        ]
      : []),
    ...(unnamed.length > 0 ? [`no scientific name is known for: ${someOf(unnamed)}: give a table with --taxa`] : []),
  ];
}

/** The first names: models know hundreds of classes. */
function someOf(names: readonly string[]): string {
  const shown = 20;
  return names.length > shown
    ? `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`
    : names.join(', ');
}
