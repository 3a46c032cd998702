import { lstat, mkdir, realpath, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readCsvTable } from '@primatrix/dataset';
import { blankClips, type ReviewProject } from '@primatrix/gateway';
import { csvLine, writeTextAtomic } from '@primatrix/files';
import { pathBelow } from './folder-watch.ts';

/** Of a watched folder: what was taken out of it on request. */
const binName = 'primatrix-bin';

/** Where the blanks are listed, in the folder of exports. */
export const blanksFile = 'blanks.csv';

/** Lists blank clips of the watched folders that are older than so many days; nothing is removed. */
export async function listBlanks(
  project: ReviewProject,
  folders: readonly string[],
  { days, exports }: { readonly days: number; readonly exports: string },
): Promise<number> {
  const blanks = blankClips(project, days).filter(({ path }) =>
    folders.some((one) => pathBelow(one, path) !== undefined),
  );
  await writeTextAtomic(join(exports, blanksFile), [
    csvLine(['filename', 'path', 'site', 'captured_at', 'probability', 'decided_by']),
    ...blanks.map(({ filename, path, site, capturedAt, probability, by }) =>
      csvLine([filename, path, site ?? '', capturedAt, probability ?? '', by ?? '']),
    ),
  ]);
  return blanks.length;
}

/** What became of the clips of the list. */
export interface Binned {
  readonly moved: number;
  /** Sentences for people. */
  readonly left: readonly string[];
}

/**
 * Moves the clips that {@link blanksFile} still lists, and that are blank still, to a bin in their watched folder. Nothing that
 * lies outside of the watched folders is touched, whatever the list or a link says.
 * @throws DatasetError where there is no such list
 */
export async function binBlanks(
  project: ReviewProject,
  folders: readonly string[],
  { days, exports }: { readonly days: number; readonly exports: string },
): Promise<Binned> {
  const { rows } = await readCsvTable(join(exports, blanksFile));
  const listed = new Set(rows.map(({ filename }) => filename));
  let moved = 0;
  const left: string[] = [];
  for (const { id, filename, path } of blankClips(project, days)) {
    if (!listed.delete(filename)) continue;
    const to = await binned(path, folders);
    if ('left' in to) left.push(`${filename}: ${to.left}`);
    else {
      // One by one: who is killed loses track of no file but the last.
      await project.inTurn(() => project.changes.moveFiles([{ id, moved: to.path, filename }]));
      moved += 1;
    }
  }
  left.push(...[...listed].map((filename) => `${filename}: not blank, not old enough, or not in the project`));
  return { moved, left };
}

async function binned(
  path: string,
  folders: readonly string[],
): Promise<{ readonly path: string } | { readonly left: string }> {
  try {
    // Links are followed on the way in: what they lead to may be anybody's.
    const real = await realpath(path);
    for (const folder of folders) {
      const root = await realpath(folder);
      const below = pathBelow(root, real);
      if (below === undefined || below.startsWith(`${binName}/`)) continue;
      const to = await freePath(join(root, binName, below));
      await mkdir(dirname(to), { recursive: true });
      await rename(real, to);
      return { path: to };
    }
    return { left: 'lies in none of the watched folders' };
  } catch (error) {
    return { left: (error as Error).message };
  }
}

async function freePath(path: string): Promise<string> {
  for (let count = 1; ; count++) {
    const to = count === 1 ? path : path.replace(/(\.[^./]*)?$/, ` (${count})$1`);
    if ((await lstat(to).catch(() => undefined)) === undefined) return to;
  }
}
