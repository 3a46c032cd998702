import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { writeFileAtomic } from '@primatrix/files';

/** The two classes, in column order. */
export const fightClasses = ['fight', 'noFight'] as const;

/** One row of the collection's `labels.csv`. */
export interface FightClip {
  /** Base name, for example `fi001.mp4`. */
  readonly filename: string;
  /** Absolute path of the video. */
  readonly path: string;
  readonly label: (typeof fightClasses)[number];
  /** The video that the clip was cut from. */
  readonly site: string;
}

/**
 * Reads the collection's table.
 * @param folder holds `labels.csv` with the columns filepath, label, site
 * @throws UsageError where the table is another one, or names two clips alike
 */
export async function readFightClips(folder: string): Promise<FightClip[]> {
  const table = join(folder, 'labels.csv');
  const [header, ...lines] = (await readFile(table, 'utf8')).trim().split(/\r?\n/);
  if (header !== 'filepath,label,site') {
    throw new UsageError(
      'FIGHT_CLIPS_TABLE',
      `${table}: the header must be filepath,label,site, got ${header ?? 'nothing'}`,
    );
  }
  const names = new Set<string>();
  return lines.map((line, i) => {
    const [filepath = '', label = '', site = ''] = line.split(',');
    const filename = basename(filepath);
    const known = fightClasses.find((name) => name === label);
    if (known === undefined || filename === '' || site === '' || names.has(filename)) {
      throw new UsageError(
        'FIGHT_CLIPS_TABLE',
        `${table}, line ${i + 2}: a row must be a new clip, ${fightClasses.join(' or ')}, and a site, got ${line}`,
      );
    }
    names.add(filename);
    return { filename, path: resolve(folder, filepath), label: known, site };
  });
}

/** Writes a dataset folder whose clips are links to the collection. Sites are told by {@link tellSites}. */
export async function writeFightDataset(clips: readonly FightClip[], dataset: string): Promise<void> {
  await mkdir(join(dataset, 'clips'), { recursive: true });
  for (const { filename, path } of clips) {
    await rm(join(dataset, 'clips', filename), { force: true });
    await symlink(path, join(dataset, 'clips', filename));
  }
  const rows = clips.map(({ filename, label }) =>
    [filename, ...fightClasses.map((name) => (name === label ? 1 : 0))].join(','),
  );
  await writeFileAtomic(
    join(dataset, 'train_labels.csv'),
    `${['filename', ...fightClasses].join(',')}\n${rows.join('\n')}\n`,
  );
}

/** With sites, the training keeps clips of one source in one fold; without, it deals out clips one by one. */
export async function tellSites(clips: readonly FightClip[], dataset: string, told: boolean): Promise<void> {
  const table = join(dataset, 'clips.csv');
  if (told) {
    await writeFileAtomic(
      table,
      `filename,site\n${clips.map(({ filename, site }) => `${filename},${site}`).join('\n')}\n`,
    );
  } else await rm(table, { force: true });
}
