import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonOf } from '@primatrix/contracts';
import { knownDigest, textInFolder } from '@primatrix/files';
import { readModelFacts } from '@primatrix/onnx';
import { ModelError } from '../model-error.ts';
import { readLabels, type Label } from './labels.ts';
import { soundShape } from '../sound/sound-tensor.ts';
import { ownFile } from './own-file.ts';
import { modelCardSchema, type CardOf, type ModelCard, type PictureCard, type SoundCard } from './model-card.ts';

/** The file that makes a folder a model's. */
export const cardName = 'model.json';

/** A model on disk, its files checked. */
export interface ModelFolder<Card extends ModelCard = ModelCard> {
  readonly folder: string;
  readonly card: Card;
  /** Path of the ONNX file. */
  readonly file: string;
  /** By class; empty for an encoder. */
  readonly labels: readonly Label[];
}

/** A model on disk that looks, and one that listens. */
export type PictureFolder = ModelFolder<PictureCard>;
export type SoundFolder = ModelFolder<SoundCard>;
/** A detector on disk. */
export type DetectorFolder = ModelFolder<CardOf<'detector'>>;

/**
 * Reads a model's card and labels, and checks that its files are those that the card speaks of. Nothing of the model is run.
 * @throws ModelError MODEL_FOLDER where there is no card, MODEL_CARD, MODEL_LABELS, MODEL_FILE where a file is missing, is another one,
 *   or lies outside
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const card = await readCard(folder);
  const files = [{ file: card.file, sha256: card.sha256, bytes: card.bytes }, ...(card.data ?? [])];
  for (const listed of files) await checkFile(folder, listed);
  const file = join(folder, card.file);
  checkFacts(file, card);
  const labels =
    'labels' in card
      ? await readLabels(await ownFile(folder, card.labels), card.kind === 'image-classifier' ? 'animal' : 'other')
      : [];
  return { folder, card, file, labels };
}

/**
 * Reads a card alone.
 * @throws ModelError MODEL_FOLDER, MODEL_CARD
 */
async function readCard(folder: string): Promise<ModelCard> {
  const path = join(folder, cardName);
  let text: string;
  try {
    text = await textInFolder(folder, cardName);
  } catch (cause) {
    const isThere = await stat(folder).then(
      (info) => info.isDirectory(),
      () => false,
    );
    throw new ModelError(
      'MODEL_FOLDER',
      isThere
        ? `${folder} has no card that can be read: ${(cause as Error).message}`
        : `${folder} is no folder: ${(cause as Error).message}`,
      { cause, hint: 'bring a model here with: primatrix models add <folder>' },
    );
  }
  let json: unknown;
  try {
    json = jsonOf(text);
  } catch (cause) {
    throw new ModelError('MODEL_CARD', `${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
  const { success, data, error } = modelCardSchema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `"${issue.path.join('.')}": `;
  throw new ModelError('MODEL_CARD', `${path}: ${where}${issue?.message ?? 'is no card of a model'}`, { cause: error });
}

async function checkFile(
  folder: string,
  { file: name, sha256, bytes }: { readonly file: string; readonly sha256: string; readonly bytes: number },
): Promise<void> {
  const file = await ownFile(folder, name);
  const { size } = await stat(file);
  const hint = `copy the model again, or, if it is right, write its sha256 into ${cardName}`;
  if (size !== bytes) {
    throw new ModelError('MODEL_FILE', `${file} must have ${bytes} bytes, got ${size}`, { hint });
  }
  const digest = await knownDigest(file);
  if (digest !== sha256) {
    throw new ModelError('MODEL_FILE', `${file} must have sha256 ${sha256}, got ${digest}`, { hint });
  }
}

/**
 * Compares what a graph says of itself with what the card says of it.
 * @throws ModelError MODEL_CARD naming what differs
 */
export function checkFacts(file: string, card: ModelCard): void {
  const { inputs, outputs, externalFiles } = readModelFacts(file);
  const wrong = (rule: string) => new ModelError('MODEL_CARD', `${file}: ${rule}`);
  const known = new Set((card.data ?? []).map(({ file: name }) => name));
  const stranger = externalFiles.find((name) => !known.has(name));
  if (stranger !== undefined) {
    throw wrong(`its weights lie in ${JSON.stringify(stranger)}, which "data" of ${cardName} must list`);
  }
  const names = inputs.map(({ name }) => name);
  if (names.length !== 1 || names[0] !== card.input.name) {
    throw wrong(`the graph must have the one input "${card.input.name}", got ${names.join(', ') || 'none'}`);
  }
  for (const wanted of outputNames(card)) {
    if (!outputs.some(({ name }) => name === wanted)) {
      throw wrong(`the graph must have an output "${wanted}", got ${outputs.map(({ name }) => name).join(', ')}`);
    }
  }
  const fixed = inputs[0]?.shape ?? [];
  const { batch } = card.input;
  const wanted = axesOf(card);
  const differs =
    fixed.length !== wanted.length + 1 || wanted.some((value, i) => fixed[i + 1] !== null && fixed[i + 1] !== value);
  if (fixed.length > 0 && differs) {
    throw wrong(
      `the graph takes [${fixed.map((axis) => axis ?? 'any').join(', ')}], the card says [n, ${wanted.join(', ')}]`,
    );
  }
  if ('fill' in card.input && card.input.fill === 'none' && fixed.length > 0 && !fixed.slice(1).includes(null)) {
    throw wrong('the graph takes sound of one length only: "fill" must be zeros, got none');
  }
  if (typeof fixed[0] === 'number' && fixed[0] !== batch) {
    throw wrong(`the graph takes ${fixed[0]} at once: "batch" must be ${fixed[0]}, got ${batch}`);
  }
}

/** Axes of a model's input without the first. */
function axesOf({ input }: ModelCard): number[] {
  if ('rate' in input) return soundShape(input, input.window);
  const [width, height] = input.size;
  return input.layout === 'nchw' ? [3, height, width] : [height, width, 3];
}

/** The outputs that a card reads. */
export function outputNames(card: ModelCard): string[] {
  if (card.kind !== 'detector') return [card.output.name];
  const { output } = card;
  return output.decode === 'rt-detr' && output.scores !== undefined ? [output.boxes, output.scores] : [output.boxes];
}
