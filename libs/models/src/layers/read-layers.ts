import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonOf } from '@primatrix/contracts';
import { fileInFolder, sha256Bytes } from '@primatrix/files';
import { decodeSafetensors, TensorError } from '@primatrix/tensor-store';
import { readLabels } from '../folder/labels.ts';
import { modelCardSchema, type ModelCard } from '../folder/model-card.ts';
import { ModelError } from '../model-error.ts';
import type { NewModel } from '../store/new-model.ts';
import { compileLayers } from './compile-layers.ts';
import { layersFileSchema, layersName } from './layers-file.ts';

/** The graph that is made of a declared net. */
const madeName = 'model.onnx';

/**
 * Reads a folder with a net declared in layers and its weights, and makes the graph.
 * @throws ModelError MODEL_LAYERS where the declaration is none, or does not go with the weights; MODEL_FILE where these are other ones
 */
export async function readLayers(folder: string): Promise<NewModel> {
  const path = join(folder, layersName);
  const wrong = (rule: string, cause?: unknown) => new ModelError('MODEL_LAYERS', `${path}: ${rule}`, { cause });
  let json: unknown;
  try {
    json = jsonOf(await readFile(path, 'utf8'));
  } catch (cause) {
    throw wrong(`is no JSON: ${(cause as Error).message}`, cause);
  }
  const read = layersFileSchema.safeParse(json);
  if (!read.success) throw wrong(firstIssue(read.error.issues), read.error);
  const { weights, card: given } = read.data;
  const bytes = await readFile(await ownFile(folder, weights.file));
  const digest = sha256Bytes(bytes);
  if (digest !== weights.sha256) {
    throw new ModelError(
      'MODEL_FILE',
      `${join(folder, weights.file)} must have sha256 ${weights.sha256}, got ${digest}`,
      {
        hint: `copy it again, or, if it is right, write its sha256 into ${layersName}`,
      },
    );
  }
  const graph = compileLayers(read.data, tensorsOf(bytes, join(folder, weights.file)), path);
  const made = { file: madeName, sha256: sha256Bytes(graph), bytes: graph.length };
  const card = modelCardSchema.safeParse({ ...given, ...made });
  if (!card.success) throw wrong(`card: ${firstIssue(card.error.issues)}`, card.error);
  return {
    card: card.data,
    from: folder,
    labels: await labelsOf(folder, card.data),
    made: new Map([[madeName, graph]]),
  };
}

function tensorsOf(bytes: Uint8Array, file: string) {
  try {
    return decodeSafetensors(bytes, { file }).tensors;
  } catch (cause) {
    if (!(cause instanceof TensorError)) throw cause;
    throw new ModelError('MODEL_FILE', `${file} is no safetensors file: ${cause.message}`, { cause });
  }
}

async function labelsOf(folder: string, card: ModelCard): Promise<NewModel['labels']> {
  if (!('labels' in card)) return [];
  return readLabels(await ownFile(folder, card.labels), card.kind === 'image-classifier' ? 'animal' : 'other');
}

async function ownFile(folder: string, name: string): Promise<string> {
  const found = await fileInFolder(folder, name);
  if ('fault' in found) throw new ModelError('MODEL_FILE', `${join(folder, name)} ${found.fault}`);
  return found.file;
}

function firstIssue([issue]: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  return `"${issue?.path.join('.')}": ${issue?.message}`;
}
