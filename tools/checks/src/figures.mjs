import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kindOf } from './file-kinds.mjs';
import { folderFigures } from './folder-figures.mjs';
import { listedFiles } from './listed-files.mjs';

/**
 * Figures of a checkout: how much there is of what, how long files are and how wide lines. Needs Node and git, no build, and
 * runs on older states of the repository as well: `node tools/checks/src/figures.mjs [folder] [--json]`.
 */

/** @typedef {import('./file-kinds.mjs').FileKind} FileKind */
/** @typedef {{ readonly file: string, readonly kind: FileKind, readonly lines: readonly string[] }} ReadFile */

/**
 * @param {string} root folder of the checkout
 */
export function figuresOf(root) {
  const files = listedFiles(root);
  /** @type {ReadFile[]} */
  const read = files.flatMap((file) => {
    const kind = kindOf(file);
    if (kind === undefined) return [];
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    // What follows the last line's end is no line.
    return [{ file, kind, lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines }];
  });
  /** @param {FileKind} kind */
  const ofKind = (kind) => read.filter((item) => item.kind === kind);
  const source = ofKind('source');
  const columns = source.flatMap(({ lines }) => lines.map((line) => line.length));
  return {
    kinds: Object.fromEntries(
      /** @type {const} */ (['source', 'tests', 'configuration', 'docs', 'other']).map((kind) => [
        kind,
        sizes(ofKind(kind)),
      ]),
    ),
    columns: {
      p95: quantile(columns, 0.95),
      p99: quantile(columns, 0.99),
      max: quantile(columns, 1),
      linesOver120: columns.filter((width) => width > 120).length,
    },
    longest: largest(source, ({ lines }) => lines.length).map(({ file, lines }) => ({ file, lines: lines.length })),
    widest: largest(source, ({ lines }) => widthOf(lines)).map(({ file, lines }) => ({
      file,
      columns: widthOf(lines),
    })),
    packages: packageFigures(files, ofKind('configuration')),
    folders: folderFigures(source.map(({ file, lines }) => ({ file, text: lines.join('\n') }))),
  };
}

/** @param {readonly ReadFile[]} files */
function sizes(files) {
  const lengths = files.map(({ lines }) => lines.length);
  return {
    files: files.length,
    lines: sum(lengths),
    median: quantile(lengths, 0.5),
    p90: quantile(lengths, 0.9),
    max: quantile(lengths, 1),
  };
}

/**
 * A package is a folder below the root with a package.json that names it; templates of generators are none.
 *
 * @param {readonly string[]} files
 * @param {readonly ReadFile[]} configuration
 */
function packageFigures(files, configuration) {
  const folders = files
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => file.replace(/package\.json$/, ''));
  const perPackage = folders.map((folder) => configuration.filter(({ file }) => file.startsWith(folder)));
  const fileCounts = perPackage.map((items) => items.length);
  const lineCounts = perPackage.map((items) => sum(items.map(({ lines }) => lines.length)));
  const count = Math.max(1, folders.length);
  return {
    packages: folders.length,
    configurationFiles: { mean: round(sum(fileCounts) / count), max: quantile(fileCounts, 1) },
    configurationLines: { mean: round(sum(lineCounts) / count), max: quantile(lineCounts, 1) },
  };
}

/** @param {readonly number[]} values @param {number} share from 0 to 1 @returns {number} 0 where there are none */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** @template T @param {readonly T[]} items @param {(item: T) => number} size @returns {T[]} the five largest */
function largest(items, size) {
  return [...items].sort((a, b) => size(b) - size(a)).slice(0, 5);
}

/** @param {readonly string[]} lines @returns {number} */
function widthOf(lines) {
  return lines.reduce((widest, line) => Math.max(widest, line.length), 0);
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/** @param {ReturnType<typeof figuresOf>} figures @returns {string} tables in Markdown */
export function figuresPage(figures) {
  const { kinds, columns, packages, folders } = figures;
  return [
    '| files | count | lines | median | p90 | longest |',
    '|---|---:|---:|---:|---:|---:|',
    ...Object.entries(kinds).map(
      ([kind, { files, lines, median, p90, max }]) => `| ${kind} | ${files} | ${lines} | ${median} | ${p90} | ${max} |`,
    ),
    '',
    '| what | figure |',
    '|---|---|',
    `| columns of a line of source: p95, p99, max | ${columns.p95}, ${columns.p99}, ${columns.max} |`,
    `| lines of source over 120 columns | ${columns.linesOver120} |`,
    ...figures.longest.map(({ file, lines }) => `| longest source | ${file}: ${lines} |`),
    ...figures.widest.map(({ file, columns: width }) => `| widest source | ${file}: ${width} |`),
    `| packages | ${packages.packages} |`,
    `| files of configuration a package: mean, max | ${packages.configurationFiles.mean}, ${packages.configurationFiles.max} |`,
    `| lines of configuration a package: mean, max | ${packages.configurationLines.mean}, ${packages.configurationLines.max} |`,
    ...folders.entries.map(({ folder, count }) => `| most entries in a folder | ${folder}: ${count} |`),
    ...folders.arrows.map(({ folder, count }) => `| most arrows between entries of a folder | ${folder}: ${count} |`),
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '.'] = process.argv.slice(2).filter((argument) => argument !== '--json');
  const figures = figuresOf(resolve(folder));
  process.stdout.write(
    process.argv.includes('--json') ? `${JSON.stringify(figures, null, 2)}\n` : figuresPage(figures),
  );
}
