import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readPackages } from './workspace-packages.mjs';

/**
 * What a package is, by where it lies: the first folder that fits. ESLint's rules of who may import whom go by these.
 *
 * @type {readonly (readonly [folder: string, type: string])[]}
 */
const types = [
  ['libs/contracts', 'contracts'],
  ['libs', 'lib'],
  ['apps/families', 'family'],
  ['apps/gateway', 'service'],
  ['apps/primatrix', 'cli'],
  ['apps/web', 'web'],
  ['tools', 'tool'],
  ['test', 'test'],
];

/**
 * Infers what every package has and so need not say: its tag `type:…`, the tag `scope:…` of a family that stands on a
 * shelf, and `test`, which runs its project of the root's vitest.config.mts.
 *
 * @type {import('@nx/devkit').CreateNodes}
 */
export const createNodes = [
  '{apps,libs,tools,test}/**/package.json',
  (files, _options, { workspaceRoot }) =>
    readPackages(workspaceRoot, files).map(({ file, root, project }) => {
      /** @type {Record<string, import('@nx/devkit').TargetConfiguration>} */
      const targets = {};
      if (root === 'test' || existsSync(join(workspaceRoot, root, 'src'))) {
        targets['test'] = { command: `vitest run --project ${project}`, cache: true };
      }
      return [file, { projects: { [root]: { tags: tagsOf(root), targets } } }];
    }),
];

/** The name that Nx 22 looks for. */
export const createNodesV2 = createNodes;

/** @param {string} root a package's folder, seen from the workspace root */
function tagsOf(root) {
  const type = types.find(([folder]) => root === folder || root.startsWith(`${folder}/`))?.[1];
  const shelf = /^apps\/families\/([^/]+)\/[^/]+$/.exec(root)?.[1];
  return [...(type === undefined ? [] : [`type:${type}`]), ...(shelf === undefined ? [] : [`scope:${shelf}`])];
}
