import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The `primatrix` entry of a family's package.json; of a net that is data, with what its file says of it.
 *
 * @typedef {object} FamilyEntry
 * @property {import('../../../libs/families/src/stage-graph.mjs').FamilyFacts['kind']} kind
 * @property {readonly string[]} [rowsAlone] of kind features: profiles in which it takes part even where no net reads it
 * @property {string | { readonly [profile: string]: readonly string[] }} [reads] of kind nets: the family whose features the net reads; of kind
 *   neighbours: the nets whose predictions it reads, by profile
 * @property {readonly string[]} [profiles] of kind nets: those whose training includes it; default: all
 * @property {string} [net] of a net that is data: its file in the package, which says `reads`, `profiles` and `overModels`
 * @property {boolean} [overModels] of kind nets: it is also trained over the vectors of each model that a training is given
 * @property {readonly string[]} [variants] of kind stack
 * @property {boolean} [quick] of kind stack: it has settings of a quick model, with which sites are checked
 * @property {readonly string[]} [builds] Debian packages that its preparation needs, for its image
 */

/**
 * @typedef {object} WorkspacePackage
 * @property {string} file its package.json, seen from the workspace root
 * @property {string} root its folder, seen from the workspace root
 * @property {string} packageName
 * @property {string} project its name in Nx; of a family, the family's
 * @property {readonly string[]} dependencies names of packages, development ones left out
 * @property {FamilyEntry | undefined} family
 */

/**
 * Reads the packages that the task graph is made of.
 *
 * @param {string} workspaceRoot absolute path
 * @param {readonly string[]} files package.json files, seen from there
 * @returns {WorkspacePackage[]}
 */
export function readPackages(workspaceRoot, files) {
  return files.map((file) => {
    const json = JSON.parse(readFileSync(join(workspaceRoot, file), 'utf8'));
    return {
      file,
      root: dirname(file),
      packageName: json.name,
      project: json.nx?.name ?? json.name,
      dependencies: Object.keys(json.dependencies ?? {}),
      family: withNetFile(json.primatrix, join(workspaceRoot, dirname(file))),
    };
  });
}

/**
 * @param {FamilyEntry | undefined} family
 * @param {string} folder of the package
 * @returns {FamilyEntry | undefined}
 */
function withNetFile(family, folder) {
  if (family?.net === undefined) return family;
  const { reads, profiles = [], overModels } = JSON.parse(readFileSync(join(folder, family.net), 'utf8'));
  return { ...family, reads, profiles, overModels };
}

/**
 * The projects whose code a package runs, itself left out: its dependencies in the workspace, theirs, and so on.
 *
 * @param {readonly WorkspacePackage[]} packages
 * @param {readonly string[]} packageNames where to start; these are part of the result
 * @returns {string[]} names of projects, sorted
 */
export function projectsBehind(packages, packageNames) {
  const byName = new Map(packages.map((item) => [item.packageName, item]));
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {readonly string[]} names */
  const visit = (names) => {
    for (const name of names) {
      const item = byName.get(name);
      if (item === undefined || found.has(item.project)) continue;
      found.add(item.project);
      visit(item.dependencies);
    }
  };
  visit(packageNames);
  return [...found].sort();
}
