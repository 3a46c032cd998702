import { basename } from 'node:path';
import { clipName, isInside } from './clip-name.ts';
import { DatasetError } from './dataset-error.ts';
import { filesBelow, type UnreadableFolder } from './files-below.ts';

/** One file below the clips folder. */
export interface ClipFile {
  /** Path below the clips folder, as {@link clipName} spells it. */
  readonly name: string;
  readonly path: string;
  /** Null for a link that leads nowhere. */
  readonly bytes: number | null;
  /** Whether it looks like a clip by its name. A table may name one that does not. */
  readonly isMedia: boolean;
}

/** Files of a clips folder, found by the names that tables use. */
export interface ClipFiles {
  readonly files: readonly ClipFile[];
  /** Folders below that could not be read. */
  readonly unreadable: readonly UnreadableFolder[];
  /** By whole name, else by base name where only one file has it. Undefined: no such file. */
  find(filename: string): ClipFile | undefined;
}

/**
 * Lists all files below a folder, sorted by name, as {@link filesBelow} finds them.
 * @throws DatasetError when the folder cannot be read, or two files have names that only their spelling tells apart
 */
export async function listClipFiles(directory: string): Promise<ClipFiles> {
  const { files: found, unreadable } = await filesBelow(directory);
  const whole = unreadable.find(({ name }) => name === '');
  if (whole !== undefined) {
    throw new DatasetError(
      'DATASET_NOT_FOUND',
      `the clips folder ${directory} cannot be read`,
      undefined,
      'Check the path and its permissions, or name another with --clips.',
      { cause: new Error(whole.reason) },
    );
  }
  const files = found.map((file): ClipFile => ({ ...file, name: clipName(file.name) }));
  files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const byName = new Map<string, ClipFile>();
  const byBase = new Map<string, ClipFile[]>();
  for (const file of files) {
    if (!isInside(file.name)) {
      throw new DatasetError(
        'DATASET_AMBIGUOUS',
        `${file.path}: a clip's name may not lead out of its folder`,
        undefined,
        'Rename the file.',
      );
    }
    const twin = byName.get(file.name);
    if (twin !== undefined) {
      throw new DatasetError(
        'DATASET_AMBIGUOUS',
        `two clips have the name ${file.name}: ${twin.path} and ${file.path}`,
        undefined,
        'Rename one of them.',
      );
    }
    byName.set(file.name, file);
    const base = basename(file.name);
    const namesakes = byBase.get(base);
    if (namesakes === undefined) byBase.set(base, [file]);
    else namesakes.push(file);
  }
  return {
    files,
    unreadable,
    find(filename) {
      const exact = byName.get(filename);
      if (exact !== undefined || filename.includes('/')) return exact;
      const [only, second] = byBase.get(filename) ?? [];
      if (only !== undefined && second !== undefined) {
        throw new DatasetError(
          'DATASET_AMBIGUOUS',
          `"${filename}" may be ${only.name} or ${second.name}`,
          undefined,
          'Write the path below the clips folder into the table.',
        );
      }
      return only;
    },
  };
}
