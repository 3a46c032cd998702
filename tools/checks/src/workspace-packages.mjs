import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listedFiles } from './listed-files.mjs';

/**
 * @typedef {object} WorkspacePackage
 * @property {string} root its folder, seen from the root of the checkout
 * @property {string} name
 * @property {boolean} isPrivate it is never published
 * @property {readonly string[]} entries sources that others may import by the package's name, seen from the root
 */

/**
 * The packages of the workspace, the root left out.
 *
 * @param {string} root folder of the checkout
 * @returns {WorkspacePackage[]} by folder
 */
export function workspacePackages(root) {
  const manifests = listedFiles(root).filter((file) => file.endsWith('/package.json'));
  return manifests.map((file) => {
    const { name, private: isPrivate = false, exports = {} } = JSON.parse(readFileSync(join(root, file), 'utf8'));
    const sources = Object.values(exports).map((entry) =>
      typeof entry === 'string' ? entry : entry['@primatrix/source'],
    );
    return {
      root: dirname(file),
      name,
      isPrivate,
      entries: sources
        .filter((entry) => /\.([mc]?[jt]s|tsx)$/.test(entry ?? ''))
        .map((entry) => join(dirname(file), entry)),
    };
  });
}
