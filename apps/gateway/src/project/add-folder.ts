import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { captureText, readClipOrigins, rowsOf } from '@primatrix/exchange';
import { listInputs, withOrigins, type InputFile } from '@primatrix/prediction';
import type { Added } from '@primatrix/review-api';
import { HttpProblem } from '../http/http-problem.ts';
import { pastedPath } from './pasted-path.ts';
import type { AddedFile, ReviewProject } from './review-project.ts';

/**
 * Adds all clips below a folder of this machine. They are named after the folder; each folder that holds clips is a site,
 * unless a `clips.csv` in it says better.
 * @param wanted which of them, by path; default: all
 * @throws HttpProblem 422 where the path is no folder or holds no clips; DatasetError or ExchangeError where `clips.csv` breaks a rule
 */
export async function addFolder(
  project: ReviewProject,
  text: string,
  wanted: (path: string) => boolean = () => true,
): Promise<Added> {
  const path = pastedPath(text);
  if (path.includes('\0') || !isAbsolute(path)) {
    throw new HttpProblem(
      422,
      'FOLDER_PATH',
      `a folder must be named by its whole path, got '${path.replaceAll('\0', '\\0')}'`,
      { hint: 'for example /home/me/camera-7 or C:\\cards\\camera-7' },
    );
  }
  const folder = resolve(path);
  if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true) {
    throw new HttpProblem(422, 'FOLDER_PATH', `there is no folder ${folder}`);
  }
  if (`${folder}/`.startsWith(`${project.folder}/`)) {
    throw new HttpProblem(
      422,
      'FOLDER_PATH',
      'the project keeps its own files there; add the folder that your clips are in',
    );
  }
  const listed = await listInputs([folder]);
  const { skipped, unreadable } = listed;
  const files = listed.files.filter(({ path: file }) => wanted(file));
  const whole = unreadable.find((one) => one.path === folder);
  if (whole !== undefined) {
    throw new HttpProblem(422, 'FOLDER_UNREADABLE', `the folder cannot be read: ${whole.reason}`);
  }
  if (files.length === 0) throw new HttpProblem(422, 'FOLDER_EMPTY', `there are no clips in ${folder}`);
  const table = join(folder, 'clips.csv');
  const there = (await stat(table).catch(() => undefined)) !== undefined;
  const placed = await withOrigins(files, there ? table : undefined);
  const stated = there ? await asStated(placed, table) : placed;
  const added = await project.inTurn(() => project.add(underFreeName(project, folder, stated)));
  return { ...added, skipped: skipped.length, unreadable: unreadable.map((one) => `${one.path}: ${one.reason}`) };
}

/** Times as the table states them, with zones or without, and coordinates: for the formats of other tools. */
async function asStated(files: readonly InputFile[], table: string): Promise<AddedFile[]> {
  const rows = rowsOf(
    files.map(({ filename }) => filename),
    await readClipOrigins(table),
  );
  return files.map((file, i) => {
    const { time, coordinates } = rows[i] ?? {};
    // The formats have whole seconds; bursts, which differ by parts of them, keep their order.
    const whole = (file.capturedAt?.getTime() ?? 0) % 1000 === 0;
    return {
      ...file,
      ...(time == null || !whole ? {} : { statedTime: captureText(time) }),
      ...(coordinates == null ? {} : { coordinates }),
    };
  });
}

/**
 * Names clips after their folder. Two cards may both have a folder `DCIM`: the second one is `DCIM (2)`. Clips that come to a
 * folder later are named as those before.
 */
function underFreeName(project: ReviewProject, folder: string, files: readonly AddedFile[]): AddedFile[] {
  const before = nameOfFolder(project, folder);
  if (before !== undefined) {
    const named = namedUnder(before, files);
    if (named.every(({ filename, path }) => project.nameIsFree(filename, path))) return named;
  }
  const name = basename(folder) || 'clips';
  for (let count = 1; ; count++) {
    const root = count === 1 ? name : `${name} (${count})`;
    if (before === undefined && isTaken(project, root)) continue;
    const named = namedUnder(root, files);
    if (named.every(({ filename, path }) => project.nameIsFree(filename, path))) return named;
  }
}

function namedUnder(root: string, files: readonly AddedFile[]): AddedFile[] {
  return files.map((file) => {
    const filename = `${root}/${file.filename}`;
    // Without a table the site is the folder's path: here its name in the project, which people can read.
    return { ...file, filename, ...(file.site === dirname(file.path) ? { site: posix.dirname(filename) } : {}) };
  });
}

/** Whether clips of another folder are named so. */
function isTaken({ table }: ReviewProject, root: string): boolean {
  for (const { filename, uploaded } of table.rows()) if (!uploaded && filename.startsWith(`${root}/`)) return true;
  return false;
}

/** What clips of a folder are named after in the project; undefined where it has none of them. */
export function nameOfFolder({ table }: Pick<ReviewProject, 'table'>, folder: string): string | undefined {
  for (const { path, filename } of table.rows()) {
    const below = relative(folder, path);
    if (below === '' || below.startsWith('..') || isAbsolute(below)) continue;
    const end = `/${below.split(sep).join('/')}`;
    if (filename.endsWith(end) && filename.length > end.length) return filename.slice(0, -end.length);
  }
  return undefined;
}
