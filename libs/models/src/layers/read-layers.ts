import { join } from 'node:path';
import { decodeSafetensors, TensorError } from '@primatrix/tensor-store';
import { declaredFile, declaredModel, readDeclaration } from '../folder/declared-model.ts';
import { ModelError } from '../model-error.ts';
import type { NewModel } from '../store/new-model.ts';
import { compileLayers } from './compile-layers.ts';
import { layersFileSchema, layersName } from './layers-file.ts';

/**
 * Reads a folder with a net declared in layers and its weights, and makes the graph.
 * @throws ModelError MODEL_LAYERS where the declaration is none, or does not go with the weights; MODEL_FILE where these are other ones
 */
export async function readLayers(folder: string): Promise<NewModel> {
  const declaration = await readDeclaration(folder, layersName, layersFileSchema, 'MODEL_LAYERS');
  const { content, path } = declaration;
  const bytes = await declaredFile(declaration, content.weights);
  const graph = compileLayers(content, tensorsOf(bytes, join(folder, content.weights.file)), path);
  return declaredModel(declaration, content.card, graph);
}

function tensorsOf(bytes: Uint8Array, file: string) {
  try {
    return decodeSafetensors(bytes, { file }).tensors;
  } catch (cause) {
    if (!(cause instanceof TensorError)) throw cause;
    throw new ModelError('MODEL_FILE', `${file} is no safetensors file: ${cause.message}`, { cause });
  }
}
