import { readdir } from 'node:fs/promises';
import { cardName } from '../folder/model-folder.ts';
import { layersName } from '../layers/layers-file.ts';
import { tfjsName } from '../tfjs/tfjs-file.ts';
import { huggingFaceNames, readHuggingFace, type HuggingFaceChoice } from './hugging-face.ts';
import type { ModelDraft } from './model-draft.ts';
import { readSparrowManifest, sparrowName } from './sparrow-manifest.ts';

/** The forms of a model's folder: our own, and those of others. */
export type ModelForm = 'own' | 'layers' | 'tfjs' | 'sparrow' | 'hugging-face';

/** What makes a folder a model's, for people. */
export const formNames = `${cardName}, ${layersName}, ${tfjsName}, ${sparrowName}, or ${huggingFaceNames.join(' and ')}`;

/** The form of a folder by the files in it; our own goes before others'. Undefined where it is none, or no folder. */
export async function formOf(folder: string): Promise<ModelForm | undefined> {
  const names = new Set(await readdir(folder).catch(() => []));
  if (names.has(cardName)) return 'own';
  if (names.has(layersName)) return 'layers';
  if (names.has(tfjsName)) return 'tfjs';
  if (names.has(sparrowName)) return 'sparrow';
  return huggingFaceNames.every((name) => names.has(name)) ? 'hugging-face' : undefined;
}

/** @throws ModelError MODEL_FOREIGN naming what of it is not known here */
export function readForeign(
  folder: string,
  form: Exclude<ModelForm, 'own' | 'layers' | 'tfjs'>,
  choice: HuggingFaceChoice,
): Promise<ModelDraft> {
  return form === 'sparrow' ? readSparrowManifest(folder) : readHuggingFace(folder, choice);
}
