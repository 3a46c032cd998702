import { describeJoin, joinOrRefuse } from './join-table.ts';
import { readSites, type ClipOrigin } from './sites.ts';

/** What a table of sites says of clips. */
export interface SitesOfClips {
  /** By the clips' own names; clips that the table lacks are not in it. */
  readonly sites: ReadonlyMap<string, ClipOrigin>;
  /** What of clips and table does not belong together: sentences for people. */
  readonly unmatched: readonly string[];
}

/**
 * Reads the sites of clips from a table that may name them by path or by base name.
 * @param filenames the clips' names; no file need be there
 * @param file filename and site
 * @throws DatasetError where the table breaks a rule, or names none of the clips (DATASET_UNMATCHED)
 */
export async function readSitesOfClips(filenames: readonly string[], file: string): Promise<SitesOfClips> {
  const join = joinOrRefuse(filenames, await readSites(file), file);
  const known = filenames.flatMap((name, i) => {
    const row = join.rows[i];
    return row === undefined ? [] : [[name, row] as const];
  });
  return { sites: new Map(known), unmatched: describeJoin(join, file) };
}
