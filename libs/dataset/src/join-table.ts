import { clipName } from './clip-name.ts';
import { DatasetError } from './dataset-error.ts';

/** What a second table says of clips. */
export interface TableJoin<Row> {
  /** By the clips' positions; undefined where the table says nothing of the clip. */
  readonly rows: readonly (Row | undefined)[];
  /** Clips that the table does not name. */
  readonly without: readonly string[];
  /** Names in the table that are no clip's. */
  readonly unknown: readonly string[];
  /** Base names in one of both that fit several in the other, and were not used. */
  readonly ambiguous: readonly string[];
}

const baseOf = (name: string) => name.slice(name.lastIndexOf('/') + 1);

/**
 * Finds the rows of a second table that belong to clips. A row belongs to a clip of the same name; else one of both may
 * be a base name where the other is a path, as long as no second clip and no second row has that base name.
 * @param clips names of clips, each once
 * @param table rows by name as {@link clipName} spells it
 */
export function joinTable<Row>(clips: readonly string[], table: ReadonlyMap<string, Row>): TableJoin<Row> {
  const names = clips.map(clipName);
  const clipsOfBase = countBy(names);
  const rowsOfBase = countBy(table.keys());
  /** Paths in the table, by base name. */
  const pathOfBase = new Map<string, string>();
  for (const name of table.keys()) if (name.includes('/')) pathOfBase.set(baseOf(name), name);
  const used = new Set<string>();
  const ambiguous = new Set<string>();
  const rows = names.map((name) => {
    const base = baseOf(name);
    const candidate = table.has(name)
      ? name
      : name === base
        ? pathOfBase.get(base)
        : table.has(base)
          ? base
          : undefined;
    if (candidate === undefined) return undefined;
    if (candidate !== name && (clipsOfBase.get(base) !== 1 || rowsOfBase.get(base) !== 1)) {
      ambiguous.add(name === base ? name : base);
      return undefined;
    }
    used.add(candidate);
    return table.get(candidate);
  });
  return {
    rows,
    without: clips.filter((_, i) => rows[i] === undefined),
    unknown: [...table.keys()].filter((name) => !used.has(name) && !ambiguous.has(name)),
    ambiguous: [...ambiguous].filter((name) => !used.has(name)),
  };
}

/** How many names have each base name. */
function countBy(names: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(baseOf(name), (counts.get(baseOf(name)) ?? 0) + 1);
  return counts;
}

/**
 * That a table names none of the clips, as a sentence and what to do; undefined where it names some, or there are no
 * clips.
 * @param table what people call it: its file, mostly
 */
export function namesNone(
  { rows, without, unknown, ambiguous }: TableJoin<unknown>,
  table: string,
): { readonly rule: string; readonly hint: string } | undefined {
  const [clip] = without;
  if (clip === undefined || without.length < rows.length) return undefined;
  const [row] = [...ambiguous, ...unknown];
  const small = new Map(without.map((name) => [clipName(name).toLowerCase(), name]));
  const alike = unknown.find((name) => small.has(name.toLowerCase()));
  return {
    rule:
      `${table} names none of the ${without.length} clips, for example not ${clip}` +
      (row === undefined ? '; it has no rows' : `; it names, for example, ${row}`),
    hint:
      ambiguous.length > 0
        ? 'several clips have the same base name: its column filename must hold their paths below the folder given'
        : alike === undefined
          ? 'its column filename must hold their names, or their paths below the folder given'
          : `capitals count: ${alike} is not ${small.get(alike.toLowerCase())}`,
  };
}

/**
 * {@link joinTable} that refuses a table of other clips.
 * @param file the table, for the message
 * @throws DatasetError DATASET_UNMATCHED where it names none of the clips
 */
export function joinOrRefuse<Row>(
  clips: readonly string[],
  table: ReadonlyMap<string, Row>,
  file: string,
): TableJoin<Row> {
  const join = joinTable(clips, table);
  const fault = namesNone(join, file);
  if (fault !== undefined) throw new DatasetError('DATASET_UNMATCHED', fault.rule, undefined, fault.hint);
  return join;
}

/**
 * What of clips and table does not belong together, as sentences for people; none where all does.
 * @param table what people call it: its file, mostly
 */
export function describeJoin({ rows, without, unknown, ambiguous }: TableJoin<unknown>, table: string): string[] {
  const some = (names: readonly string[]) => `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
  return [
    ...(ambiguous.length > 0
      ? [
          `${table}: ${ambiguous.length} base ${ambiguous.length === 1 ? 'name fits' : 'names fit'} several clips or rows, ${some(ambiguous)}, and ${ambiguous.length === 1 ? 'was' : 'were'} not used: write paths`,
        ]
      : []),
    ...(without.length > 0 ? [`${table} lacks ${without.length} of ${rows.length} clips: ${some(without)}`] : []),
    ...(unknown.length > 0
      ? [`${table} has ${unknown.length} ${unknown.length === 1 ? 'row' : 'rows'} of no clip here: ${some(unknown)}`]
      : []),
  ];
}
