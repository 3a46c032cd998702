import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { clipName, isInside } from './clip-name.ts';
import { DatasetError } from './dataset-error.ts';

/** One file below the clips folder. */
export interface ClipFile {
  /** Path below the clips folder, as {@link clipName} spells it. */
  readonly name: string;
  readonly path: string;
  /** Null for a link that leads nowhere. */
  readonly bytes: number | null;
}

/** Files of a clips folder, found by the names that tables use. */
export interface ClipFiles {
  readonly files: readonly ClipFile[];
  /** By whole name, else by base name where only one file has it. Undefined: no such file. */
  find(filename: string): ClipFile | undefined;
}

/** Left behind by desktops, and where a review project keeps its own files: never clips of a dataset. */
const litter = new Set(['thumbs.db', 'desktop.ini', 'primatrix-review']);
/** File system calls under way at once. */
const width = 64;

/**
 * Lists all files below a folder, sorted by name; hidden ones are passed over, links are followed.
 * @throws DatasetError when the folder cannot be read, or two files have names that only their spelling tells apart
 */
export async function listClipFiles(directory: string): Promise<ClipFiles> {
  const files: ClipFile[] = [];
  await walk(directory, directory, files, new Set());
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

async function walk(root: string, directory: string, files: ClipFile[], visited: Set<string>): Promise<void> {
  let entries;
  try {
    // A link back to a folder above must not be walked for ever.
    const real = await realpath(directory);
    if (visited.has(real)) return;
    visited.add(real);
    entries = await readdir(directory);
  } catch (cause) {
    throw new DatasetError(
      'DATASET_NOT_FOUND',
      `the clips folder ${directory} cannot be read`,
      undefined,
      'Check the path and its permissions, or name another with --clips.',
      { cause },
    );
  }
  const wanted = entries.filter((entry) => !entry.startsWith('.') && !litter.has(entry.toLowerCase())).sort();
  for (let start = 0; start < wanted.length; start += width) {
    const paths = wanted.slice(start, start + width).map((entry) => join(directory, entry));
    const stats = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
    for (const [index, path] of paths.entries()) {
      const found = stats[index] ?? null;
      if (found?.isDirectory() === true) await walk(root, path, files, visited);
      else if (found === null || found.isFile()) {
        files.push({ name: clipName(relative(root, path)), path, bytes: found?.size ?? null });
      }
    }
  }
}
