import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace's root folder: the nearest one above this file that has an `nx.json`. */
export function workspaceRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'nx.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('testkit: no folder above this file holds an nx.json');
    folder = parent;
  }
  return folder;
}

/**
 * Absolute path of a file or folder of the shared test data (`PRIMATRIX_DATA`, else `../shared/data` seen
 * from the workspace root), or undefined where it is not there: `it.skipIf(sharedData('clips') === undefined)`.
 */
export function sharedData(...path: string[]): string | undefined {
  const root = resolve(workspaceRoot(), process.env['PRIMATRIX_DATA'] ?? '../shared/data');
  const found = join(root, ...path);
  return existsSync(found) ? found : undefined;
}
