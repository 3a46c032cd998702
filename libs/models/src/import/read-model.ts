import { join } from 'node:path';
import { modelCardSchema } from '../folder/model-card.ts';
import { checkFacts, readModelFolder, type ModelFolder } from '../folder/model-folder.ts';
import { ModelError } from '../model-error.ts';
import { cardOfDraft } from './model-draft.ts';
import { formOf, readForeign } from './model-forms.ts';

/**
 * Reads a model in place, whatever its form: a folder of others is taken as `models add` would keep it, its licence unknown.
 * @throws ModelError as `readModelFolder` does, and MODEL_FOREIGN
 */
export async function readModel(folder: string): Promise<ModelFolder> {
  const form = await formOf(folder);
  if (form === undefined || form === 'own') return readModelFolder(folder);
  if (form === 'layers' || form === 'tfjs') {
    const what = form === 'layers' ? 'a net in layers' : 'a graph of TensorFlow.js';
    throw new ModelError('MODEL_FOREIGN', `${folder} holds ${what}, of which an ONNX graph must be made`, {
      hint: `primatrix models add ${folder}`,
    });
  }
  const draft = await readForeign(folder, form, {});
  const { success, data: card, error } = modelCardSchema.safeParse(await cardOfDraft(draft, {}));
  if (!success) {
    const [issue] = error.issues;
    throw new ModelError('MODEL_FOREIGN', `${folder}: "${issue?.path.join('.')}": ${issue?.message}`, { cause: error });
  }
  const file = join(folder, card.file);
  checkFacts(file, card);
  return { folder, card, file, labels: draft.labels };
}
