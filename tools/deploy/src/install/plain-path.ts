import { mkdir, realpath, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What npm and the scripts of packages start, as every system has it: nothing that compiles, decodes or fetches. */
const commands = ['npm', 'npx', 'sh', 'env', 'chmod', 'cat', 'cp', 'ls', 'mkdir', 'mv', 'rm', 'sed', 'uname'];

/**
 * Makes a folder to be the whole of PATH, as a new machine with Node and nothing else has it: no compiler, no Python,
 * no ffmpeg.
 * @param node program that is `node` there
 */
export async function makePlainPath(folder: string, node: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await symlink(node, join(folder, 'node'));
  for (const command of commands) {
    const places = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, command));
    const found = places.find((place) => existsSync(place));
    if (found !== undefined) await symlink(await realpath(found), join(folder, command));
  }
}
