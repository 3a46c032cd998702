/**
 * What a training by Nx is about.
 *
 * @typedef {object} RunSettings
 * @property {string} dataset folder, seen from the workspace root
 * @property {boolean} sample whether that is the sample dataset, which is drawn where it is missing
 * @property {string} profile `laptop` or `competition`
 * @property {number} folds 2 or more
 * @property {string} seed a whole number
 * @property {readonly string[]} models names of models that are files
 */

/** The dataset that is used where none is asked for. */
export const sampleDataset = 'data/sample';

/**
 * Reads `PRIMATRIX_DATASET`, `PRIMATRIX_PROFILE`, `PRIMATRIX_FOLDS`, `PRIMATRIX_SEED` and `PRIMATRIX_MODEL`. Only the
 * number of folds is checked here, because it shapes the task graph; the command line checks the others.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {RunSettings}
 * @throws {RangeError} where the number of folds is no whole number of 2 or more
 */
export function readRunSettings(env) {
  const dataset = env['PRIMATRIX_DATASET'] || sampleDataset;
  const folds = Number(env['PRIMATRIX_FOLDS'] || 5);
  if (!Number.isInteger(folds) || folds < 2) {
    throw new RangeError(
      `nx-plugin: PRIMATRIX_FOLDS must be a whole number of 2 or more, got '${env['PRIMATRIX_FOLDS']}'`,
    );
  }
  return {
    dataset,
    sample: dataset === sampleDataset,
    profile: env['PRIMATRIX_PROFILE'] || 'laptop',
    folds,
    seed: env['PRIMATRIX_SEED'] || '1',
    models: (env['PRIMATRIX_MODEL'] ?? '').split(',').filter((name) => name !== ''),
  };
}
