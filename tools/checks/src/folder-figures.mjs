import { posix } from 'node:path';
import { relativeImports } from './relative-imports.mjs';

/**
 * How full the folders of the source are: the entries that lie directly in one (files and folders with source in them), and the
 * arrows between them. An arrow is a pair of entries of which one imports the other, or something in the other; it counts once.
 *
 * @param {readonly { readonly file: string, readonly text: string }[]} sources paths seen from the root
 * @returns {Record<'entries' | 'arrows', readonly { readonly folder: string, readonly count: number }[]>} the five largest each
 */
export function folderFigures(sources) {
  const files = new Set(sources.map(({ file }) => file));
  const entries = new Groups();
  const arrows = new Groups();
  for (const { file, text } of sources) {
    for (const [folder, entry] of places(file)) entries.add(folder, entry);
    for (const target of relativeImports(file, text, files)) {
      const [folder, from, to] = parting(file, target);
      if (from !== to) arrows.add(folder, `${from} ${to}`);
    }
  }
  return { entries: entries.largest(), arrows: arrows.largest() };
}

class Groups {
  /** @type {Map<string, Set<string>>} */
  #members = new Map();

  /** @param {string} folder @param {string} member */
  add(folder, member) {
    const members = this.#members.get(folder) ?? new Set();
    this.#members.set(folder, members.add(member));
  }

  largest() {
    const counts = [...this.#members].map(([folder, members]) => ({ folder, count: members.size }));
    return counts.sort((a, b) => b.count - a.count || (a.folder < b.folder ? -1 : 1)).slice(0, 5);
  }
}

/** @param {string} file @returns {[folder: string, entry: string][]} inside a package: folders below `src` and `src` itself */
function places(file) {
  const parts = file.split('/');
  const first = parts.indexOf('src');
  if (first < 0) return [];
  return parts.slice(first + 1).map((entry, index) => [parts.slice(0, first + 1 + index).join('/'), entry]);
}

/** @param {string} from @param {string} to @returns {[folder: string, from: string, to: string]} where their ways part */
function parting(from, to) {
  const [a, b] = [from.split('/'), to.split('/')];
  let depth = 0;
  while (depth < a.length - 1 && depth < b.length - 1 && a[depth] === b[depth]) depth++;
  return [posix.join(...a.slice(0, depth)), a[depth] ?? '', b[depth] ?? ''];
}
