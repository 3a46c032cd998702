import { posix } from 'node:path';
import { jsonOf } from '@primatrix/contracts';
import { declaredFile, declaredModel, readDeclaration, type Declaration } from '../folder/declared-model.ts';
import type { NewModel } from '../store/new-model.ts';
import { convertTfjs } from './convert-tfjs.ts';
import { tfjsFileSchema, tfjsName, type TfjsFile } from './tfjs-file.ts';
import { tfjsModelSchema, type TfjsModel } from './tfjs-model.ts';
import { tfjsWeights } from './tfjs-weights.ts';

/**
 * Reads a folder with a graph model of TensorFlow.js that a `tfjs.json` speaks of, and makes an ONNX graph of it.
 * @throws ModelError MODEL_TFJS where the declaration or the graph is none, or has what is not known here; MODEL_FILE where a file is
 *   another one
 */
export async function readTfjs(folder: string): Promise<NewModel> {
  const declaration = await readDeclaration(folder, tfjsName, tfjsFileSchema, 'MODEL_TFJS');
  const { content, wrong, path } = declaration;
  const model = await readGraph(declaration);
  const weights = await readWeights(declaration, model);
  try {
    const graph = convertTfjs(model, tfjsWeights(model.weightsManifest, weights), content.outputs, path);
    return await declaredModel(declaration, content.card, graph);
  } catch (error) {
    if (error instanceof RangeError) throw wrong(error.message, error);
    throw error;
  }
}

async function readGraph(declaration: Declaration<TfjsFile>): Promise<TfjsModel> {
  const { content, wrong } = declaration;
  const bytes = await declaredFile(declaration, content.model);
  let json: unknown;
  try {
    json = jsonOf(bytes.toString('utf8'));
  } catch (cause) {
    throw wrong(`${content.model.file} is no JSON: ${(cause as Error).message}`, cause);
  }
  const { success, data, error } = tfjsModelSchema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  throw wrong(`${content.model.file}: "${issue?.path.join('.')}": ${issue?.message}`, error);
}

/** The bytes of each group of weights. The graph names its files beside itself. */
async function readWeights(declaration: Declaration<TfjsFile>, { weightsManifest }: TfjsModel): Promise<Uint8Array[]> {
  const { content, wrong } = declaration;
  const beside = posix.dirname(content.model.file);
  const groups: Uint8Array[] = [];
  for (const { paths } of weightsManifest) {
    const parts: Uint8Array[] = [];
    for (const name of paths) {
      const file = posix.join(beside, name);
      const listed = content.weights.find((weights) => weights.file === file);
      if (listed === undefined) throw wrong(`"weights" must list ${file}, which ${content.model.file} names`);
      parts.push(await declaredFile(declaration, listed));
    }
    groups.push(Buffer.concat(parts));
  }
  return groups;
}
