import { foldColumn } from './class-columns.ts';
import { sqlName, sqlParquet, sqlString } from './duckdb-session.ts';

/** The temporary tables of one net in one pass. */
export interface Names {
  readonly predictions: string;
  readonly places: string;
  readonly sums: string;
}

/** What the k before and after are counted in: predicted clips, or places of the order, whoever stands there. */
export type NeighbourWindow = 'predicted' | 'places';

/** One in fixed point: sums of whole numbers are exact, whatever their order. 2^63 holds 8 million clips of it. */
const one = 2 ** 40;

const each = (classes: readonly string[], sql: (c: number) => string) => classes.map((_, c) => sql(c)).join(', ');

/** Predictions of the clips that may be neighbours: filename, c0, c1, ... in fixed point. */
export function predictionsOf(
  { predictions }: Names,
  sources: readonly { readonly path: string; readonly fold?: number }[],
  classes: readonly string[],
): string {
  const values = classes.map((name, c) => `CAST(round(${sqlName(name)} * ${one}) AS BIGINT) AS c${c}`).join(', ');
  const whole = classes.map((name) => `${sqlName(name)} IS NOT NULL`).join(' AND ');
  const selects = sources.map(
    ({ path, fold }) =>
      `SELECT filename, ${values} FROM ${sqlParquet(path)} WHERE ${whole}${fold === undefined ? '' : ` AND ${sqlName(foldColumn)} = ${fold}`}`,
  );
  return `CREATE TABLE ${predictions} AS ${selects.join(' UNION ALL ')}`;
}

/**
 * Where each clip stands among the predicted ones of all sites, counted from 1: `own` (1 if it is one of them), `upto`
 * (how many there are up to it), and for each k the numbers of the last clip before its neighbours and of their last.
 * The k are counted among predicted clips, or, in the window `places`, among all clips, predicted or not.
 */
export function placesOf(
  { predictions, places }: Names,
  clips: string,
  parts: readonly string[],
  classes: readonly string[],
  ks: readonly number[],
  window: NeighbourWindow,
): string {
  const byPlace = window === 'places';
  const inTime = 'ORDER BY site, moment, filename ROWS UNBOUNDED PRECEDING';
  return `CREATE TABLE ${places} AS
    WITH placed AS (
      SELECT filename, site, moment, CAST(p.c0 IS NOT NULL AS BIGINT) AS own, ${each(classes, (c) => `coalesce(p.c${c}, 0) AS c${c}`)}
      FROM ${clips} LEFT JOIN ${predictions} p USING (filename)
      WHERE site IS NOT NULL AND moment IS NOT NULL${byPlace ? '' : ` AND (p.c0 IS NOT NULL OR ${wanted(parts)})`}
    ), counted AS (
      SELECT *, CAST(sum(own) OVER (${inTime}) AS BIGINT) AS upto FROM placed
    ), bounded AS (
      SELECT *, min(upto - own) OVER (PARTITION BY site) AS before_site, max(upto) OVER (PARTITION BY site) AS last_of_site FROM counted
    )
    SELECT filename, own, upto, ${each(classes, (c) => `c${c}`)},
      ${ks.map(byPlace ? placesAround : predictedAround).join(', ')}
    FROM bounded`;
}

const predictedAround = (k: number) =>
  `greatest(before_site, upto - own - ${k}) AS low${k}, least(last_of_site, upto + ${k}) AS high${k}`;

const placesAround = (k: number) => {
  const inSite = 'OVER (PARTITION BY site ORDER BY moment, filename)';
  return `lag(upto, ${k + 1}, before_site) ${inSite} AS low${k}, lead(upto, ${k}, last_of_site) ${inSite} AS high${k}`;
};

/** One row of lists: s0[n + 1] is the sum of class 0 over the first n predicted clips. */
export function sumsOf({ places, sums }: Names, classes: readonly string[]): string {
  return `CREATE TABLE ${sums} AS
    WITH running AS (
      SELECT upto, ${each(classes, (c) => `CAST(sum(c${c}) OVER (ORDER BY upto ROWS UNBOUNDED PRECEDING) AS BIGINT) AS s${c}`)} FROM ${places} WHERE own = 1
    )
    SELECT ${each(classes, (c) => `list_concat([0::BIGINT], coalesce(list(s${c} ORDER BY upto), [])) AS s${c}`)} FROM running`;
}

/** The clips wanted, sorted, with their places by each net: `low<k>_<net>`, `high<k>_<net>`, `own_<net>`, `c<class>_<net>`. */
export function targetsOf(
  targets: string,
  nets: readonly Names[],
  clips: string,
  parts: readonly string[],
  classes: readonly string[],
  ks: readonly number[],
): string {
  const columns = nets.flatMap((_, n) => {
    const names = ['own', ...classes.map((_name, c) => `c${c}`), ...ks.flatMap((k) => [`low${k}`, `high${k}`])];
    return names.map((name) => `p${n}.${name} AS ${name}_${n}`);
  });
  const joins = nets.map(({ places }, n) => `LEFT JOIN ${places} p${n} ON p${n}.filename = clip.filename`);
  return `CREATE TABLE ${targets} AS SELECT ${['clip.filename', ...columns].join(', ')} FROM ${clips} clip ${joins.join(' ')} WHERE ${wanted(parts)} ORDER BY clip.filename`;
}

/** The table itself: sums between two places, less the clip's own, over how many they are. */
export function lookedUp(
  nets: readonly (Names & { readonly name: string })[],
  targets: string,
  classes: readonly string[],
  ks: readonly number[],
): string {
  const columns = nets.flatMap(({ name, sums }, n) =>
    ks.flatMap((k) => {
      const clips = `nullif(high${k}_${n} - low${k}_${n} - own_${n}, 0)`;
      return classes.map(
        (label, c) =>
          `CAST((${sums}.s${c}[high${k}_${n} + 1] - ${sums}.s${c}[low${k}_${n} + 1] - c${c}_${n}) / ${clips} / ${one} AS FLOAT) AS ${sqlName(`${name}/k${k}/${label}`)}`,
      );
    }),
  );
  return `SELECT ${['filename', ...columns].join(', ')} FROM ${[targets, ...nets.map(({ sums }) => sums)].join(', ')}`;
}

function wanted(parts: readonly string[]): string {
  return `part IN (${parts.map(sqlString).join(', ')})`;
}
