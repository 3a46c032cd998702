import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nearestName } from '@primatrix/contracts';
import { makeFolder, replaceFolder, userDataFolder } from '@primatrix/files';
import { ModelError } from '../model-error.ts';
import { readModelFolder, type ModelFolder } from '../folder/model-folder.ts';
import { formOf } from '../import/model-forms.ts';
import { readModel } from '../import/read-model.ts';
import { writeModel, type NewModel } from './new-model.ts';

/** Where models lie unless `--models` says otherwise: `PRIMATRIX_MODELS`, else `models` in the user's data folder. */
export function defaultModelsDir(): string {
  return process.env['PRIMATRIX_MODELS'] || join(userDataFolder(), 'models');
}

/** A folder of models: those that can be used, and what is wrong with the others. */
export interface ModelList {
  readonly models: readonly ModelFolder[];
  readonly broken: readonly { readonly folder: string; readonly reason: string }[];
}

/**
 * All models in a folder, by name, of whatever form. Other folders are passed over; a folder that is not there holds none.
 */
export async function listModels(dir: string): Promise<ModelList> {
  const models: ModelFolder[] = [];
  const broken: { folder: string; reason: string }[] = [];
  for (const name of await modelNames(dir)) {
    const folder = join(dir, name);
    try {
      const model = await readModel(folder);
      if (model.card.name === name) models.push(model);
      else broken.push({ folder, reason: `its card names it ${model.card.name}` });
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      broken.push({ folder, reason: error.message });
    }
  }
  return { models, broken };
}

/**
 * One model by its name, checked; a path with a slash names a folder anywhere.
 * @throws ModelError MODEL_UNKNOWN naming those there are; see also {@link readModel}
 */
export async function findModel(dir: string, name: string): Promise<ModelFolder> {
  if (/[\\/]/.test(name)) return readModel(name);
  if ((await modelNames(dir)).includes(name)) return readModel(join(dir, name));
  throw await unknownModel(dir, name);
}

async function unknownModel(dir: string, name: string): Promise<ModelError> {
  const names = await modelNames(dir);
  const near = nearestName(name, names);
  return new ModelError('MODEL_UNKNOWN', `there is no model '${name}' in ${dir}`, {
    hint:
      names.length === 0
        ? 'bring one here with: primatrix models add <folder>'
        : `${near === undefined ? '' : `did you mean ${near}? `}there are: ${names.join(', ')}`,
  });
}

async function modelNames(dir: string): Promise<string[]> {
  let entries: string[];
  try {
    entries = await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const names: string[] = [];
  for (const name of entries.sort()) {
    if (!name.startsWith('.') && (await formOf(join(dir, name))) !== undefined) names.push(name);
  }
  return names;
}

/**
 * Keeps a model under its name: whole, or not at all. One of the same name is replaced.
 * @param trial is run on the copy before it gets its name; where it fails, nothing is kept
 * @returns the folder, read again and checked, and what the trial came to
 */
export async function keepModel<Trial>(
  dir: string,
  model: NewModel,
  trial: (copy: ModelFolder) => Promise<Trial>,
): Promise<{ readonly kept: ModelFolder; readonly trial: Trial }> {
  await makeFolder(dir);
  const { name, file } = model.card;
  const folder = join(dir, name);
  const making = join(dir, `.${name}.${randomUUID()}`);
  try {
    await writeModel(making, model);
    const checked = await readModelFolder(making);
    const tried = await trial(checked);
    await replaceFolder(making, folder);
    return { kept: { ...checked, folder, file: join(folder, file) }, trial: tried };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/**
 * Removes a model.
 * @throws ModelError MODEL_UNKNOWN
 */
export async function removeModel(dir: string, name: string): Promise<string> {
  // A broken one is removed, too: only its name must be there.
  if (!(await modelNames(dir)).includes(name)) throw await unknownModel(dir, name);
  const folder = join(dir, name);
  await rm(folder, { recursive: true });
  return folder;
}
