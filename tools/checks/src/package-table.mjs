import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspacePackages } from './workspace-packages.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */

const readme = 'README.md';
/** Rows that fit on a page. */
const mostRows = 30;

/**
 * The table of folders in the root's README names every package once, by its folder or by a shelf above it (of two parts or
 * more: `libs/` would say nothing), names nothing that does not exist, and fits on a page.
 *
 * @param {string} root folder of the checkout
 * @returns {Fault[]}
 */
export function packageTableFaults(root) {
  const lines = readFileSync(join(root, readme), 'utf8').split('\n');
  const head = lines.findIndex((line) => /^\|\s*folder\s*\|/.test(line));
  if (head < 0) return [{ file: readme, line: 1, message: "there is no table with a column 'folder'" }];
  const length = lines.slice(head).findIndex((line) => !line.startsWith('|'));
  const rows = lines.slice(head + 2, length < 0 ? undefined : head + length);
  const named = rows.flatMap((row, index) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => ({
      folder: (match[1] ?? '').replace(/\/$/, ''),
      line: head + 3 + index,
    })),
  );
  /** @param {string} folder */
  const timesNamed = (folder) => named.filter((item) => item.folder === folder).length;
  const missing = workspacePackages(root).filter(({ root: folder }) => {
    const shelves = folder.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
    return timesNamed(folder) === 0 && !shelves.some((shelf) => shelf.includes('/') && timesNamed(shelf) > 0);
  });
  return [
    ...missing.map(({ root: folder }) => ({
      file: readme,
      line: head + 1,
      message: `the table of folders lacks ${folder}: name it, or the shelf that it stands on`,
    })),
    ...named
      .filter(({ folder }) => !existsSync(join(root, folder)))
      .map(({ folder, line }) => ({ file: readme, line, message: `there is no ${folder}: correct the row` })),
    ...named
      .filter((item, index) => named.findIndex(({ folder }) => folder === item.folder) < index)
      .map(({ folder, line }) => ({ file: readme, line, message: `${folder} stands in the table twice` })),
    ...(rows.length > mostRows
      ? [{ file: readme, line: head + 1, message: `the table has ${rows.length} rows, more than a page (${mostRows})` }]
      : []),
  ];
}
