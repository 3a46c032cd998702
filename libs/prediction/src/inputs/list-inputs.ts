import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';

/** A file that is to be predicted: it gets exactly one row in the result. */
export interface InputFile {
  /** What the result calls it: the path below the folder that was named, or the file's own name; see {@link listInputs}. */
  readonly filename: string;
  readonly path: string;
  /** Where and when it was taken, as somebody says; absent where nobody does. */
  readonly site?: string;
  readonly capturedAt?: Date;
  /** Another whenever the content is another; absent: size and time of the file's change are looked up. */
  readonly stamp?: string;
}

/** What is to be predicted, in the order of the arguments and of names. */
export interface InputList {
  readonly files: readonly InputFile[];
  /** Files found in folders that are hidden or no media by their names; they get no row. */
  readonly skipped: readonly string[];
}

/** File name endings of video, pictures and sound, as cameras, recorders and archives write them. */
const mediaEndings = new Set(
  [
    '.3g2 .3gp .asf .avi .flv .m2ts .m2v .m4v .mjpg .mkv .mod .mov .mp4 .mpeg .mpg .mts .mxf .ogv .ts .vob .webm .wmv',
    '.jpeg .jpg .png',
    '.aac .ac3 .aif .aiff .amr .au .caf .flac .m4a .mka .mp3 .oga .ogg .opus .w64 .wav .wma',
  ].flatMap((endings) => endings.split(' ')),
);

/**
 * Lists the files to predict. Folders are searched through and give their media files, sorted; a file that
 * is named itself is taken whatever its name, there or not, so that what is wrong with it can be said.
 * Where two would have one name in the result, all are named by their paths below the folder they share.
 */
export async function listInputs(paths: readonly string[]): Promise<InputList> {
  const files: InputFile[] = [];
  const skipped: string[] = [];
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
    for (const name of await filesBelow(path)) {
      if (hasMediaName(name)) add({ filename: name, path: join(path, name) });
      else skipped.push(join(given, name));
    }
  }
  return { files: withDistinctNames(files), skipped };
}

/** Whether a path below a folder looks like a clip's. Hidden ones are what copying from a Mac leaves beside each clip (`._clip.mp4`), or half-written. */
export function hasMediaName(name: string): boolean {
  return !name.split('/').some(isOurs) && mediaEndings.has(extname(name).toLowerCase());
}

/** Hidden, or where a review project keeps its thumbnails and uploads: it may lie in the folder of the clips. */
const isOurs = (part: string) => part.startsWith('.') || part === 'primatrix-review';

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
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
