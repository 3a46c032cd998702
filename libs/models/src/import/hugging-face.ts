import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { jsonOf } from '@primatrix/contracts';
import { textInFolder } from '@primatrix/files';
import { readModelFacts, type ModelFacts } from '@primatrix/onnx';
import { z } from 'zod';
import { groupOfName, type Label } from '../folder/labels.ts';
import type { Interpolation, PictureInput } from '../folder/model-card.ts';
import { ownFile } from '../folder/own-file.ts';
import { ModelError } from '../model-error.ts';
import { batchOf, onlyInput } from './graph-input.ts';
import type { KindPart, ModelDraft } from './model-draft.ts';

/** The two files that make a folder one of Hugging Face. */
export const huggingFaceNames = ['config.json', 'preprocessor_config.json'] as const;

const side = z.int().positive();
const sizeSchema = z.union([side, z.object({ shortest_edge: side }), z.object({ height: side, width: side })]);
const three = z.tuple([z.number(), z.number(), z.number()]);
const preprocessorSchema = z.looseObject({
  do_resize: z.boolean().default(true),
  size: sizeSchema.optional(),
  resample: z.int().min(0).max(5).default(2),
  do_center_crop: z.boolean().default(false),
  crop_size: z.union([side, z.object({ height: side, width: side })]).optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: three.optional(),
  image_std: three.optional(),
  do_pad: z.boolean().default(false),
});
type Preprocessor = z.infer<typeof preprocessorSchema>;
const configSchema = z.looseObject({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).optional(),
  hidden_size: z.int().positive().optional(),
  id2label: z.record(z.string(), z.string()).optional(),
  problem_type: z.string().nullish(),
});

/** Pillow's numbers of filters. */
const interpolationOf: readonly (Interpolation | undefined)[] = [
  ...(['nearest', 'lanczos-antialias', 'bilinear-antialias', 'bicubic-antialias'] as const),
];

/** Which file of a folder with several, and which output of a graph with several. */
export interface HuggingFaceChoice {
  readonly file?: string;
  /** Name of the output that is read; pooled as `pool` says. */
  readonly output?: string;
  readonly pool?: 'cls' | 'mean' | 'mean-patches';
}

/**
 * Reads a folder as Hugging Face exports it: `config.json`, `preprocessor_config.json` and an ONNX file, also in `onnx/`.
 * @throws ModelError MODEL_FOREIGN naming what of it is not known here
 */
export async function readHuggingFace(folder: string, choice: HuggingFaceChoice = {}): Promise<ModelDraft> {
  const [config, preprocessor] = await Promise.all([
    readJson(folder, huggingFaceNames[0], configSchema),
    readJson(folder, huggingFaceNames[1], preprocessorSchema),
  ]);
  const refuse = (rule: string, hint?: string) =>
    new ModelError('MODEL_FOREIGN', `${folder}: ${rule}`, hint === undefined ? {} : { hint });
  const file = choice.file ?? (await onnxFile(folder, refuse));
  const facts = readModelFacts(await ownFile(folder, file));
  const graph = onlyInput(facts, refuse);
  const input: PictureInput = {
    name: graph.name,
    ...pictureOf(preprocessor, refuse),
    layout: 'nchw',
    channels: 'rgb',
    batch: batchOf(graph),
  };
  const labels = labelsOf(config);
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return {
    from: folder,
    file,
    name: name === '' ? 'model' : name,
    version: '1.0.0',
    summary: `${config.model_type ?? 'model'} from a Hugging Face folder`,
    source: `Hugging Face folder ${basename(resolve(folder))}`,
    part: partOf(input, facts, { config, choice, labels, refuse }),
    labels: isClassifier(config, facts) ? labels : [],
    assumed: ['the folder names no licence: give it with --licence'],
  };
}

type Refuse = (rule: string, hint?: string) => ModelError;
type Config = z.infer<typeof configSchema>;

function isClassifier({ architectures = [] }: Config, { outputs }: ModelFacts): boolean {
  return (
    architectures.some((name) => /ForImageClassification$/.test(name)) ||
    (outputs.length === 1 && outputs[0]?.name === 'logits')
  );
}

function partOf(
  input: PictureInput,
  facts: ModelFacts,
  {
    config,
    choice,
    labels,
    refuse,
  }: { config: Config; choice: HuggingFaceChoice; labels: readonly Label[]; refuse: Refuse },
): KindPart {
  const names = facts.outputs.map(({ name }) => name);
  if (isClassifier(config, facts)) {
    if (labels.length === 0) throw refuse('config.json has no id2label, and the classes have no names');
    const name = choice.output ?? (names.includes('logits') ? 'logits' : (names[0] as string));
    const activation = config.problem_type === 'multi_label_classification' ? 'sigmoid' : 'softmax';
    return { kind: 'image-classifier', input, output: { name, activation } };
  }
  const usual = ['pooler_output', 'image_embeds'].find((name) => names.includes(name));
  const name = choice.output ?? usual ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined || !names.includes(name)) {
    throw refuse(`which of its outputs is wanted must be said: ${names.join(', ')}`, 'name it with --output');
  }
  const shape = facts.outputs.find((output) => output.name === name)?.shape ?? [];
  const width = shape.at(-1) ?? config.hidden_size;
  if (width === undefined || width === null) {
    throw refuse(`the width of output ${name} is said neither by the graph nor by config.json`);
  }
  const pool = choice.pool ?? (shape.length === 3 || name === 'last_hidden_state' ? 'cls' : 'none');
  return { kind: 'image-encoder', input, output: { name, pool, width, normalise: false } };
}

function pictureOf(
  given: Preprocessor,
  refuse: Refuse,
): Pick<PictureInput, 'size' | 'values' | 'fit' | 'interpolation'> {
  if (given.do_pad) throw refuse('preprocessor_config.json: do_pad is not read here');
  const interpolation = interpolationOf[given.resample];
  if (interpolation === undefined) {
    throw refuse(`preprocessor_config.json: resample ${given.resample} is not read here`);
  }
  const resized = given.do_resize ? given.size : undefined;
  const crop = given.do_center_crop ? given.crop_size : undefined;
  const whole = (of: Exclude<Preprocessor['crop_size'], undefined>): [number, number] =>
    typeof of === 'number' ? [of, of] : [of.width, of.height];
  const fixed =
    resized === undefined || (typeof resized === 'object' && 'shortest_edge' in resized) ? undefined : whole(resized);
  const size = crop === undefined ? fixed : whole(crop);
  if (size === undefined) {
    throw refuse('preprocessor_config.json: size or crop_size must give a height and a width');
  }
  const fit: PictureInput['fit'] =
    typeof resized === 'object' && 'shortest_edge' in resized
      ? { kind: 'shorter-side', shorter: resized.shortest_edge }
      : { kind: 'stretch', ...(fixed === undefined ? {} : { resize: fixed }) };
  return { size, values: valuesOf(given, refuse), fit, interpolation };
}

function valuesOf(given: Preprocessor, refuse: Refuse): PictureInput['values'] {
  const {
    do_rescale: rescales,
    rescale_factor: factor,
    do_normalize: normalises,
    image_mean: mean,
    image_std: deviation,
  } = given;
  if (!rescales) {
    if (normalises) throw refuse('preprocessor_config.json: do_normalize without do_rescale is not read here');
    return '0..255';
  }
  if (Math.abs(factor * 255 - 1) > 1e-6) {
    throw refuse(`preprocessor_config.json: rescale_factor must be 1/255, got ${factor}`);
  }
  if (!normalises) return '0..1';
  if (mean === undefined || deviation === undefined) {
    throw refuse('preprocessor_config.json: image_mean and image_std must be there where do_normalize is');
  }
  return { mean, deviation };
}

function labelsOf({ id2label = {} }: Config): Label[] {
  const names = Object.entries(id2label)
    .map(([index, name]) => ({ index: Number(index), name }))
    .sort((a, b) => a.index - b.index);
  if (names.some(({ index }, i) => index !== i)) return [];
  return names.map(({ name }) => ({ name, group: groupOfName(name, 'animal'), scientificName: null, taxonRank: null }));
}

async function onnxFile(folder: string, refuse: Refuse): Promise<string> {
  for (const below of ['', 'onnx']) {
    const entries = await readdir(join(folder, below)).catch(() => []);
    const found = entries.filter((name) => name.endsWith('.onnx')).sort();
    const chosen = found.includes('model.onnx') ? 'model.onnx' : found.length === 1 ? found[0] : undefined;
    if (chosen !== undefined) return below === '' ? chosen : `${below}/${chosen}`;
    if (found.length > 1) {
      throw refuse(`which of its files is wanted must be said: ${found.join(', ')}`, 'name it with --file');
    }
  }
  throw refuse('has no ONNX file', 'export the model with optimum-cli export onnx');
}

async function readJson<Value>(folder: string, name: string, schema: z.ZodType<Value>): Promise<Value> {
  const path = join(folder, name);
  let json: unknown;
  try {
    json = jsonOf(await textInFolder(folder, name));
  } catch (cause) {
    throw new ModelError('MODEL_FOREIGN', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  throw new ModelError('MODEL_FOREIGN', `${path}: ${issue?.path.join('.')}: ${issue?.message}`, { cause: error });
}
