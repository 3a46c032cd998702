import { ClassNames } from '@primatrix/dataset';
import { csvLine } from '@primatrix/files';
import type { ClipRow } from '../clips/clip-row.ts';
import { labelTable } from './label-table.ts';
import { readProject } from '../project/project-corrections.ts';

/** A review project as a dataset: its tables, and where its clips are. */
export interface ProjectTables {
  /** `train_labels.csv`: as the pages export it, but with the species that people named alone. */
  readonly labels: string;
  /** `clips.csv`: sites, and the times that somebody stated; those in the files are found again. */
  readonly clips: string;
  readonly files: readonly Pick<ClipRow, 'filename' | 'path'>[];
  readonly labelled: number;
}

/** A clip as tables of a dataset have it. */
type TableClip = Pick<ClipRow, 'filename' | 'path' | 'site' | 'capturedAt' | 'review'>;

/**
 * Reads a project as the next training wants it; clips without a decision are in it, too: they stand before and after the others.
 * @throws RefitError `REFIT_PROJECT` where there is no project; DatasetError where a species has a name that training
 *   refuses
 */
export async function projectTables(folder: string): Promise<ProjectTables> {
  const { clips, reviews } = await readProject(folder);
  return tablesOf([...clips.values()].map((clip) => ({ ...clip, review: reviews.get(clip.id) ?? null })));
}

/**
 * Makes the tables of some clips.
 * @throws DatasetError where a species has a name that training refuses
 */
export function tablesOf(rows: readonly TableClip[]): ProjectTables {
  const names = new ClassNames();
  for (const { review } of rows) review?.species.forEach((name) => names.add(name));
  const lines = [...labelTable(rows, [])];
  return {
    labels: lines.join(''),
    clips: [
      csvLine(['filename', 'site', 'captured_at']),
      ...rows.map(({ filename, site, capturedAt }) => csvLine([filename, site ?? '', capturedAt ?? ''])),
    ].join(''),
    files: rows,
    labelled: lines.length - 1,
  };
}
