import { join } from 'node:path';
import { fileInFolder } from '@primatrix/files';
import { ModelError } from '../model-error.ts';

/**
 * Where a file of a model's folder lies: opened by its name alone, a pipe would not end, and a link leads elsewhere.
 * @throws ModelError MODEL_FILE that says why it may not be read
 */
export async function ownFile(folder: string, name: string): Promise<string> {
  const found = await fileInFolder(folder, name);
  if ('fault' in found) throw new ModelError('MODEL_FILE', `${join(folder, name)} ${found.fault}`);
  return found.file;
}
