import { stat } from 'node:fs/promises';
import { cardName, readModelFolder } from '../folder/model-folder.ts';
import { readLayers } from '../layers/read-layers.ts';
import { readTfjs } from '../tfjs/read-tfjs.ts';
import { asNewModel, type NewModel } from '../store/new-model.ts';
import { ModelError } from '../model-error.ts';
import type { HuggingFaceChoice } from './hugging-face.ts';
import { cardOfDraft, type ModelDraft, type ModelWords } from './model-draft.ts';
import { formNames, formOf, readForeign } from './model-forms.ts';

/** What was read of a model that is to be kept, and what had to be assumed: sentences for people. */
export interface ImportedModel {
  readonly model: NewModel;
  readonly assumed: readonly string[];
}

/**
 * Reads a model folder of ours, of a net in layers, of TensorFlow.js, of SPARROW-Engine or of Hugging Face. Nothing is kept, and nothing of the model is run.
 * @throws ModelError MODEL_FOREIGN, MODEL_CARD, MODEL_LAYERS, MODEL_TFJS, MODEL_FILE naming the file and what is wrong
 */
export async function importModel(
  folder: string,
  words: ModelWords,
  choice: HuggingFaceChoice,
): Promise<ImportedModel> {
  await mustBeFolder(folder);
  const form = await formOf(folder);
  if (form === 'own') return withWords(asNewModel(await readModelFolder(folder)), words);
  if (form === 'layers') return withWords(await readLayers(folder), words);
  if (form === 'tfjs') return withWords(await readTfjs(folder), words);
  if (form !== undefined) return fromDraft(await readForeign(folder, form, choice), words);
  throw new ModelError('MODEL_FOREIGN', `${folder} must have ${formNames}`, {
    hint: `write a ${cardName} for it: docs/models.md tells how`,
  });
}

async function mustBeFolder(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => undefined);
  if (info?.isDirectory() !== true) {
    throw new ModelError(
      'MODEL_FOLDER',
      `${folder} must be a folder${info === undefined ? ', and is not there' : ''}`,
      {
        hint: 'an ONNX file alone does not say how its input is made: put a model.json beside it (docs/models.md)',
      },
    );
  }
}

function withWords({ card, ...model }: NewModel, words: ModelWords): ImportedModel {
  return { model: { ...model, card: { ...card, ...words } }, assumed: [] };
}

async function fromDraft(draft: ModelDraft, words: ModelWords): Promise<ImportedModel> {
  const { from, labels } = draft;
  return {
    model: { card: await cardOfDraft(draft, words), from, labels },
    assumed: words.licence === undefined ? draft.assumed : [],
  };
}
