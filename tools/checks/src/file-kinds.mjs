import { basename } from 'node:path';

/**
 * What a file of the repository is for.
 *
 * - `configuration`: package.json, project.json, generators.json, nx.json, knip.json; tsconfig*.json; configurations of Vite,
 *   Vitest, ESLint and Prettier (what vitest.config.mts shares among packages, too); .npmrc, .gitignore and their like; .ci/run.
 *   Of a package or of the root, no difference. Lock files are left out: no one writes them.
 * - `tests`: *.test.*, *.fixture.* and *.bench.*, and all code below the package `test`.
 * - `docs`: Markdown.
 * - `source`: all other code and styles.
 * - `other`: nets as data, charts, dashboards, templates, golden files, measurements.
 *
 * @typedef {'source' | 'tests' | 'configuration' | 'docs' | 'other'} FileKind
 */

const configuration = [
  /^(package|project|generators|nx|knip)\.jsonc?$/,
  /^tsconfig(\..+)?\.json$/,
  /^(vite|vitest|eslint|prettier)\.[\w.]+\.[mc]?[jt]s$/,
  /^\.(prettierrc|npmrc|gitignore|prettierignore|git-blame-ignore-revs|gitattributes|editorconfig)/,
];
const code = /\.([mc]?[jt]s|tsx|css)$/;

/**
 * @param {string} file path seen from the root of the repository
 * @returns {FileKind | undefined} nothing for lock files, licences, and what is no text
 */
export function kindOf(file) {
  const name = basename(file);
  if (/(-lock\.json|\.safetensors|\.png|\.svg|\.wasm)$|^LICENSE$/.test(name)) return undefined;
  if (file.startsWith('.ci/') || configuration.some((pattern) => pattern.test(name))) return 'configuration';
  if (name.endsWith('.md')) return 'docs';
  if (!code.test(name)) return 'other';
  return /\.(test|fixture|bench)\./.test(name) || file.startsWith('test/') ? 'tests' : 'source';
}
