import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { hasMediaName, isLitter } from '@primatrix/contracts';
import type { Places } from '@primatrix/review-api';
import { HttpProblem } from '../http/http-problem.ts';
import { pastedPath } from './pasted-path.ts';

/** Where systems put cards and disks that are plugged in: the folder of each, or the folder that holds a user's. */
const mounts: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/media', '/run/media', '/mnt'],
  darwin: ['/Volumes'],
};
const letters = 'CDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * What is in a folder of this machine, for somebody who looks for clips: the folders in it, and how many clips lie
 * directly there. Beside it the places to begin at: home, cards and disks.
 * @param text as somebody pasted it; empty: the home folder
 * @throws HttpProblem 422 where it cannot be read
 */
export async function listPlaces(text: string): Promise<Places> {
  const path = resolve(text === '' ? homedir() : pastedPath(text));
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new HttpProblem(
      422,
      'FOLDER_PATH',
      error.code === 'EACCES' || error.code === 'EPERM'
        ? `the folder ${path} may not be read`
        : `there is no folder ${path}`,
    );
  });
  const folders: string[] = [];
  let clips = 0;
  for (const entry of entries) {
    if (isLitter(entry.name)) continue;
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(path, entry.name))))) {
      folders.push(entry.name);
    } else if (hasMediaName(entry.name)) clips += 1;
  }
  return {
    path,
    parent: dirname(path) === path ? null : dirname(path),
    clips,
    folders: folders
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map((name) => ({ name, path: join(path, name) })),
    roots: await roots(),
  };
}

async function roots(): Promise<Places['roots']> {
  const found = [{ name: 'Home', path: homedir() }];
  for (const root of mounts[process.platform] ?? []) {
    for (const name of await foldersIn(root)) {
      const place = join(root, name);
      // /media/<user>/<card>: the cards are meant.
      const inside = root === '/mnt' || root === '/Volumes' ? [] : await foldersIn(place);
      if (inside.length === 0) found.push({ name, path: place });
      else found.push(...inside.map((card) => ({ name: card, path: join(place, card) })));
    }
  }
  if (process.platform === 'win32') {
    for (const letter of letters) {
      if (await isFolder(`${letter}:\\`)) found.push({ name: `${letter}:`, path: `${letter}:\\` });
    }
  } else found.push({ name: 'Computer', path: '/' });
  return found.map(({ name, path }) => ({ name: name || basename(path), path }));
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !isLitter(entry.name)).map(({ name }) => name);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
