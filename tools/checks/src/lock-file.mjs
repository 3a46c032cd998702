import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {import('./fault.mjs').Fault} Fault */
/** @typedef {{ readonly optionalDependencies?: Readonly<Record<string, string>> }} LockedPackage */

const lockFile = 'package-lock.json';

/**
 * The lock file knows the libraries of every platform. npm forgets those of other platforms when it writes a lock file
 * beside an installed node_modules (npm/cli#4828), and `npm ci` then leaves them out there without a word.
 *
 * @param {string} root folder of the checkout
 * @returns {Fault[]} one for each optional dependency of a locked package that the lock file lacks
 */
export function lockFileGaps(root) {
  const text = readFileSync(join(root, lockFile), 'utf8');
  /** @type {{ readonly packages: Readonly<Record<string, LockedPackage>> }} */
  const { packages } = JSON.parse(text);
  const lines = text.split('\n');
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !foldersAbove(place).some((folder) => `${folder}node_modules/${name}` in packages))
      .map(([name, version]) => ({
        file: lockFile,
        line: lines.findIndex((line) => line.includes(`"${place}": {`)) + 1,
        message: `${name}@${version}, an optional part of ${place}, is missing: add its entry, as a lock file that npm writes without node_modules has it`,
      })),
  );
}

/**
 * The places in which Node looks for what a package imports, nearest first.
 * @param {string} place a key of the lock file's packages
 * @returns {string[]} each empty, or ending with `/`
 */
function foldersAbove(place) {
  const parts = place.split('/');
  const folders = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/`);
  return [...folders, ''];
}
