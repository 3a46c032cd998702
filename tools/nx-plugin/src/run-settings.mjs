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
 * @property {readonly string[] | undefined} only nets instead of the profile's
 * @property {readonly string[] | undefined} extraColumns features that no net reads, instead of the profile's
 * @property {readonly (readonly [option: string, value: string])[]} passedOn other options of the command line
 */

/** Options that are passed on as they are, by the variables that say them. */
const passedOn = {
  PRIMATRIX_CLIPS: 'clips',
  PRIMATRIX_LABELS: 'labels',
  PRIMATRIX_TEST: 'test',
  PRIMATRIX_ONLY: 'only',
  PRIMATRIX_DEVICE: 'device',
  PRIMATRIX_ENGINE: 'engine',
  PRIMATRIX_TIME_ORDER: 'time-order',
  PRIMATRIX_STAND_IN: 'stand-in',
  PRIMATRIX_EXTRA_COLUMNS: 'extra-columns',
  PRIMATRIX_STORAGE: 'storage',
};

/** Names of {@link passedOn}, as the command line calls them. */
export const passedOnOptions = Object.values(passedOn);

/** The dataset that is used where none is asked for. */
export const sampleDataset = 'data/sample';

/**
 * Reads `PRIMATRIX_DATASET`, `PRIMATRIX_PROFILE`, `PRIMATRIX_FOLDS`, `PRIMATRIX_SEED`, `PRIMATRIX_MODEL` and the variables
 * of {@link passedOn}. Only the number of folds is checked here, because it shapes the task graph; the command line checks the
 * others. `PRIMATRIX_THREADS` and `PRIMATRIX_WEIGHTS` it reads itself; `PRIMATRIX_REMOTE` is read when a stage runs,
 * since it changes nothing of what comes of it.
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
    only: namesIn(env['PRIMATRIX_ONLY']),
    extraColumns: namesIn(env['PRIMATRIX_EXTRA_COLUMNS']),
    passedOn: Object.entries(passedOn).flatMap(([variable, option]) => {
      const value = env[variable];
      return value === undefined || value === '' ? [] : [/** @type {const} */ ([option, value])];
    }),
  };
}

/**
 * @param {string | undefined} text
 * @returns {readonly string[] | undefined}
 */
function namesIn(text) {
  if (text === undefined || text === '') return undefined;
  return text === 'none' ? [] : text.split(',');
}
