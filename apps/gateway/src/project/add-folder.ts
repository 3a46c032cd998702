import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, resolve } from 'node:path';
import { captureText, readClipOrigins, rowsOf } from '@primatrix/exchange';
import { listInputs, withOrigins, type InputFile } from '@primatrix/prediction';
import type { Added } from '@primatrix/review-api';
import { HttpProblem } from '../http/http-problem.ts';
import { pastedPath } from './pasted-path.ts';
import type { AddedFile, ReviewProject } from './review-project.ts';

/**
 * Adds all clips below a folder of this machine. They are named after the folder; each folder that holds clips is a site,
 * unless a `clips.csv` in it says better.
 * @throws HttpProblem 422 where the path is no folder or holds no clips; DatasetError or ExchangeError where `clips.csv` breaks a rule
 */
export async function addFolder(project: ReviewProject, text: string): Promise<Added> {
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
  const { files, skipped, unreadable } = await listInputs([folder]);
  const whole = unreadable.find((one) => one.path === folder);
  if (whole !== undefined) {
    throw new HttpProblem(422, 'FOLDER_UNREADABLE', `the folder cannot be read: ${whole.reason}`);
  }
  if (files.length === 0) throw new HttpProblem(422, 'FOLDER_EMPTY', `there are no clips in ${folder}`);
  const table = join(folder, 'clips.csv');
  const there = (await stat(table).catch(() => undefined)) !== undefined;
  const placed = await withOrigins(files, there ? table : undefined);
  const stated = there ? await asStated(placed, table) : placed;
  const added = await project.inTurn(() => project.add(underFreeName(project, basename(folder) || 'clips', stated)));
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

/** Two cards may both have a folder `DCIM`: the second one is `DCIM (2)`. */
function underFreeName(project: ReviewProject, name: string, files: readonly AddedFile[]): AddedFile[] {
  for (let count = 1; ; count++) {
    const root = count === 1 ? name : `${name} (${count})`;
    const named = files.map((file) => {
      const filename = `${root}/${file.filename}`;
      // Without a table the site is the folder's path: here its name in the project, which people can read.
      return { ...file, filename, ...(file.site === dirname(file.path) ? { site: posix.dirname(filename) } : {}) };
    });
    if (named.every(({ filename, path }) => project.nameIsFree(filename, path))) return named;
  }
}
