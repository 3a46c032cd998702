import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { filesBelow } from '@primatrix/dataset';

/** A file that is to be predicted: it gets exactly one row in the result. */
export interface InputFile {
  /** What the result calls it: the path below the folder that was named, or the file's own name; see {@link listInputs}. */
  readonly filename: string;
  readonly path: string;
  /** Where and when it was taken, as somebody says; absent where nobody does. */
  readonly site?: string;
  readonly capturedAt?: Date;
  /** When it was taken as its name says, ISO 8601: counts where the file itself says no time of day. */
  readonly namedAt?: string;
  /** What puts it before and after others instead of what the bundle goes by; null: nothing is known. */
  readonly orderedAt?: Date | null;
  /** Another whenever the content is another; absent: size and time of the file's change are looked up. */
  readonly stamp?: string;
}

/** What is to be predicted, in the order of the arguments and of names. */
export interface InputList {
  readonly files: readonly InputFile[];
  /** Files found in folders that are hidden or no media by their names; they get no row. */
  readonly skipped: readonly string[];
  /** Folders that could not be read, each with why; what else was named is listed. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Lists the files to predict. Folders are searched through ({@link filesBelow}) and give their media files, sorted; a
 * file that is named itself is taken whatever its name, there or not, so that what is wrong with it can be said.
 * Where two would have one name in the result, all are named by their paths below the folder they share.
 */
export async function listInputs(paths: readonly string[]): Promise<InputList> {
  const files: InputFile[] = [];
  const skipped: string[] = [];
  const unreadable: InputList['unreadable'][number][] = [];
  const seen = new Set<string>();
  const add = (file: InputFile) => {
    if (!seen.has(file.path)) files.push(file);
    seen.add(file.path);
  };
  for (const given of paths) {
    const path = resolve(given);
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory() !== true) {
      add({ filename: basename(path), path });
      continue;
    }
    const found = await filesBelow(path);
    for (const file of found.files) if (file.isMedia) add({ filename: file.name, path: file.path });
    const others = found.files.flatMap(({ isMedia, name }) => (isMedia ? [] : [name]));
    skipped.push(...[...found.passedOver, ...others].sort().map((name) => join(given, name)));
    unreadable.push(...found.unreadable);
  }
  return { files: withDistinctNames(files), skipped, unreadable };
}

/** Files under names that are each one's alone. */
export function withDistinctNames(files: readonly InputFile[]): InputFile[] {
  if (new Set(files.map(({ filename }) => filename)).size === files.length) return [...files];
  const shared = files.map(({ path }) => dirname(path)).reduce(sharedFolder);
  return files.map((file) => ({ ...file, filename: relative(shared, file.path).split(sep).join('/') }));
}

function sharedFolder(a: string, b: string): string {
  const [from, to] = [a.split(sep), b.split(sep)];
  const differs = from.findIndex((part, i) => part !== to[i]);
  return (differs < 0 ? from : from.slice(0, differs)).join(sep) || sep;
}
