import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonOf } from '@primatrix/contracts';
import { isPlainPath, sha256Bytes, textInFolder } from '@primatrix/files';
import { z } from 'zod';
import type { NewModel } from '../store/new-model.ts';
import { ModelError } from '../model-error.ts';
import { readLabels } from './labels.ts';
import { modelCardSchema, type ModelCard } from './model-card.ts';
import { ownFile } from './own-file.ts';

/** The graph that is made of a declaration. */
const madeName = 'model.onnx';

/** The model.json of what comes of a declaration, without what only the made file says: its name, digest and size. */
export const declaredCardSchema = z.looseObject({ name: z.string(), kind: z.string() });

/** A file beside a declaration. */
export const declaredFileSchema = z.strictObject({
  file: z.string().refine(isPlainPath, 'must be a path below the folder, with forward slashes'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256: 64 digits of 0-9 and a-f'),
});

/** A file of a folder that says how a model's graph is made: `layers.json`, `tfjs.json`. */
export interface Declaration<Content> {
  readonly folder: string;
  readonly path: string;
  readonly content: Content;
  /** An error of this form, naming the file. */
  wrong(rule: string, cause?: unknown): ModelError;
}

/** @throws ModelError of the code, naming the file and the field */
export async function readDeclaration<Content>(
  folder: string,
  name: string,
  schema: z.ZodType<Content>,
  code: 'MODEL_LAYERS' | 'MODEL_TFJS',
): Promise<Declaration<Content>> {
  const path = join(folder, name);
  const wrong = (rule: string, cause?: unknown) => new ModelError(code, `${path}: ${rule}`, { cause });
  return { folder, path, content: checked(await jsonFile(folder, name, wrong), schema, wrong), wrong };
}

/**
 * The bytes of a file that a declaration speaks of.
 * @throws ModelError MODEL_FILE where it lies outside the folder, is not there, or is another one
 */
export async function declaredFile(
  { folder, path }: Declaration<unknown>,
  { file, sha256 }: z.infer<typeof declaredFileSchema>,
): Promise<Buffer> {
  const bytes = await readFile(await ownFile(folder, file));
  const digest = sha256Bytes(bytes);
  if (digest === sha256) return bytes;
  throw new ModelError('MODEL_FILE', `${join(folder, file)} must have sha256 ${sha256}, got ${digest}`, {
    hint: `copy it again, or, if it is right, write its sha256 into ${path}`,
  });
}

/** The model that a declaration and its made graph are. */
export async function declaredModel(
  { folder, wrong }: Declaration<unknown>,
  given: z.infer<typeof declaredCardSchema>,
  graph: Uint8Array,
): Promise<NewModel> {
  const made = { file: madeName, sha256: sha256Bytes(graph), bytes: graph.length };
  const card = checked({ ...given, ...made }, modelCardSchema, wrong, 'card: ');
  return { card, from: folder, labels: await labelsOf(folder, card), made: new Map([[madeName, graph]]) };
}

async function labelsOf(folder: string, card: ModelCard): Promise<NewModel['labels']> {
  if (!('labels' in card)) return [];
  return readLabels(await ownFile(folder, card.labels), card.kind === 'image-classifier' ? 'animal' : 'other');
}

async function jsonFile(folder: string, name: string, wrong: Declaration<unknown>['wrong']): Promise<unknown> {
  try {
    return jsonOf(await textInFolder(folder, name));
  } catch (cause) {
    throw wrong(`is no JSON: ${(cause as Error).message}`, cause);
  }
}

function checked<Content>(
  json: unknown,
  schema: z.ZodType<Content>,
  wrong: Declaration<unknown>['wrong'],
  where = '',
): Content {
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  throw wrong(`${where}"${issue?.path.join('.')}": ${issue?.message}`, error);
}
