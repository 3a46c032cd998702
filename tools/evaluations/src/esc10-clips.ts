import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';

/** A sound of ESC-10. */
export interface Esc10Clip {
  /** `<fold>-<source>-<take>.ogg`. */
  readonly filename: string;
  readonly path: string;
  /** Number of its class: its place in `classes`. */
  readonly label: number;
  /** As the authors dealt them: takes of one source are in one fold. */
  readonly fold: number;
}

/** The folds of ESC-10 that are there, and their clips, sorted by class and name. */
export interface Esc10 {
  readonly classes: readonly string[];
  readonly folds: readonly number[];
  readonly clips: readonly Esc10Clip[];
}

/**
 * Lists ESC-10 as its authors publish it: a folder `NNN - Name` (or `NNN-Name`) a class.
 * @throws UsageError where the folder holds no such thing, or fewer than two folds
 */
export async function listEsc10(folder: string): Promise<Esc10> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => /^\d{3} ?- ?\S/.test(name)).sort();
  const clips: Esc10Clip[] = [];
  for (const [label, name] of names.entries()) {
    for (const filename of (await readdir(join(folder, name))).sort()) {
      const fold = /^(\d)-\d+-[A-Z]\.(ogg|wav)$/.exec(filename)?.[1];
      if (fold !== undefined) clips.push({ filename, path: join(folder, name, filename), label, fold: Number(fold) });
    }
  }
  const folds = [...new Set(clips.map((clip) => clip.fold))].sort();
  if (names.length < 2 || folds.length < 2) {
    throw new UsageError(
      'ESC10_FOLDER',
      `esc10: ${folder} must hold the class folders of ESC-10 with two folds or more, got ${names.length} classes and ${folds.length} folds`,
      {
        hint: 'give the folder that holds 001-Dog-bark and the other nine, with --data',
      },
    );
  }
  return { classes: names.map((name) => name.replace(/^\d{3} ?- ?/, '')), folds, clips };
}
