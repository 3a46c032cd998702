import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackagesTask, readJson, updateJson } from '@nx/devkit';

/** @typedef {import('@nx/devkit').Tree} Tree */

/**
 * @typedef {object} NetOptions
 * @property {string} name what the net is called, with or without `net-` before it
 * @property {string} feature the features that it reads
 * @property {boolean} [skipInstall]
 */

const shelf = 'apps/families';

/**
 * Makes the package of a first-level net: a GRU to begin with and its card; and adds it to the command line.
 *
 * @param {Tree} tree
 * @param {NetOptions} options
 * @returns {Promise<() => void>} what links the package, once the files are written
 */
export default async function netGenerator(tree, { name: given, feature, skipInstall = false }) {
  const name = `net-${given.replace(/^net-/, '')}`;
  const folder = `${shelf}/nets/${name}`;
  if (!/^net-[a-z][a-z0-9-]*$/.test(name))
    throw new Error(`net: a name is lower-case letters, digits and '-', got '${given}'`);
  if (tree.exists(folder)) throw new Error(`net: ${folder} is there already`);
  const features = featuresOf(tree);
  if (!features.includes(feature))
    throw new Error(`net: no family makes '${feature}' features; there are ${features.join(', ')}`);

  writeTemplates(tree, folder, { name, feature });
  updateJson(tree, 'apps/primatrix/package.json', (json) => ({
    ...json,
    dependencies: withDependency(json.dependencies, `@primatrix/${name}`),
  }));
  return () => {
    if (!skipInstall) installPackagesTask(tree, true);
  };
}

/**
 * @param {Tree} tree
 * @returns {string[]} the features that families make
 */
function featuresOf(tree) {
  // Some lie on the shelf itself, some on one of its boards.
  const folders = tree
    .children(shelf)
    .flatMap((child) => [child, ...tree.children(`${shelf}/${child}`).map((inner) => `${child}/${inner}`)]);
  const files = folders.map((place) => `${shelf}/${place}/package.json`).filter((file) => tree.exists(file));
  // Features are called as the family that makes them, and so is its project.
  return files
    .map((file) => readJson(tree, file))
    .flatMap(({ nx, primatrix }) => (primatrix?.kind === 'features' ? [nx.name] : []))
    .sort();
}

/**
 * Not devkit's generateFiles: its template engine does not load where `require` follows the `import` condition, as in
 * the tests, and names are all that is filled in.
 *
 * @param {Tree} tree
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} values
 */
function writeTemplates(tree, folder, values) {
  const templates = join(import.meta.dirname, 'files');
  for (const file of readdirSync(templates, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.template')) continue;
    const text = readFileSync(join(templates, file), 'utf8').replace(/<%= (\w+) %>/g, (_, key) => `${values[key]}`);
    tree.write(`${folder}/${file.slice(0, -'.template'.length)}`, text);
  }
}

/**
 * @param {Readonly<Record<string, string>>} dependencies
 * @param {string} name
 */
function withDependency(dependencies, name) {
  // As they stand there: the workspace's own first, each group by name.
  const [own, others] = [true, false].map((scoped) =>
    Object.entries({ ...dependencies, [name]: '*' }).filter(([key]) => key.startsWith('@primatrix/') === scoped),
  );
  return Object.fromEntries([...(own ?? []).sort(([a], [b]) => (a < b ? -1 : 1)), ...(others ?? [])]);
}
