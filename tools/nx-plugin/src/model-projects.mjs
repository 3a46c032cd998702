import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { userDataFolder } from '../../../libs/files/src/user-folders.mjs';

/**
 * @typedef {import('./pipeline-targets.mjs').FamilyPackage} FamilyPackage
 */

/** Folder of the projects of models, which exists in the graph alone: what makes a model lies elsewhere. */
const root = 'models';

/**
 * A project of the graph for each model that a training is given, and for each net that is trained over one; as packages of families are,
 * so that stages find them by their names.
 *
 * @param {Pick<import('./run-settings.mjs').RunSettings, 'models' | 'profile'>} settings
 * @param {readonly FamilyPackage[]} families
 * @param {NodeJS.ProcessEnv} env
 * @returns {(FamilyPackage & { readonly modelFolder: string })[]}
 * @throws {RangeError} where there is no such model, or it is of a form that `models add` has not been given
 */
export function modelProjects({ models, profile }, families, env) {
  const heads = families.filter(({ family }) => family.overModels === true);
  return models.flatMap((name) => {
    const modelFolder = join(env['PRIMATRIX_MODELS'] || join(userDataFolder({ env }), 'models'), name);
    const card = join(modelFolder, 'model.json');
    if (!existsSync(card)) {
      throw new RangeError(
        `nx-plugin: PRIMATRIX_MODEL: there is no ${card}: bring the model with primatrix models add`,
      );
    }
    // As libs/models has it: what has labels has columns, what has none is read by nets.
    const hasColumns = 'labels' in JSON.parse(readFileSync(card, 'utf8'));
    const virtual = { file: '', modelFolder, dependencies: ['@primatrix/models'] };
    return [
      {
        ...virtual,
        ...{ root: `${root}/${name}`, packageName: name, project: name },
        family: { kind: /** @type {const} */ ('features'), rowsAlone: hasColumns ? [profile] : [] },
      },
      ...(hasColumns ? [] : heads).map((net) => {
        const project = `${net.project}-${name}`;
        return {
          ...virtual,
          ...{ root: `${root}/${project}`, packageName: project, project },
          // Its file of layers is the net's own.
          dependencies: [...virtual.dependencies, net.packageName],
          family: { kind: /** @type {const} */ ('nets'), reads: name },
        };
      }),
    ];
  });
}
