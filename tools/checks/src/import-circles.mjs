import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from './file-kinds.mjs';
import { listedFiles } from './listed-files.mjs';
import { relativeImports } from './relative-imports.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */

/**
 * No file imports itself by way of others; an import of types alone is one, too: who reads the one file must read the other.
 * Each circle is told once, where it was found first.
 *
 * @param {string} root folder of the checkout
 * @returns {Fault[]}
 */
export function importCircles(root) {
  const files = listedFiles(root).filter((file) => ['source', 'tests'].includes(kindOf(file) ?? ''));
  const known = new Set(files);
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const imports = new Map([...texts].map(([file, text]) => [file, relativeImports(file, text, known)]));
  return circlesIn(imports).map((circle) => {
    const [file = '', next = ''] = circle;
    const lines = (texts.get(file) ?? '').split('\n');
    const line = lines.findIndex(
      (text) => /['"]\.{1,2}\//.test(text) && relativeImports(file, text, known).includes(next),
    );
    const message = `imports itself by way of ${[...circle.slice(1), file].join(' -> ')}: move what both need into a file of its own`;
    return { file, line: Math.max(1, line + 1), message };
  });
}

/**
 * Tarjan's strongly connected components: each with more than one member, or that leads to itself, is a circle.
 *
 * @param {ReadonlyMap<string, readonly string[]>} imports
 * @returns {string[][]} a way around each, from the file that comes first in the alphabet
 */
function circlesIn(imports) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {string[]} */
  const open = [];
  /** @type {string[][]} */
  const circles = [];
  /** @param {string} file */
  const visit = (file) => {
    numbers.set(file, numbers.size);
    let low = numbers.size - 1;
    open.push(file);
    for (const next of imports.get(file) ?? []) {
      if (!numbers.has(next)) low = Math.min(low, visit(next));
      else if (open.includes(next)) low = Math.min(low, numbers.get(next) ?? low);
    }
    if (low === numbers.get(file)) {
      const members = open.splice(open.indexOf(file));
      const start = [...members].sort()[0] ?? file;
      if (members.length > 1 || (imports.get(file) ?? []).includes(file))
        circles.push(wayAround(start, members, imports));
    }
    return low;
  };
  for (const file of imports.keys()) if (!numbers.has(file)) visit(file);
  return circles;
}

/**
 * The shortest way from a file back to itself.
 *
 * @param {string} start
 * @param {readonly string[]} members of the same component: there is a way
 * @param {ReadonlyMap<string, readonly string[]>} imports
 */
function wayAround(start, members, imports) {
  let ways = [[start]];
  const seen = new Set();
  for (;;) {
    /** @type {string[][]} */
    const longer = [];
    for (const way of ways) {
      for (const next of imports.get(way.at(-1) ?? '') ?? []) {
        if (next === start) return way;
        if (!members.includes(next) || seen.has(next)) continue;
        seen.add(next);
        longer.push([...way, next]);
      }
    }
    ways = longer;
  }
}
