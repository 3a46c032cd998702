import { basename, join } from 'node:path';
import { textInFolder } from '@primatrix/files';
import { readModelFacts, type ModelFacts } from '@primatrix/onnx';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { groupOfName, type Label } from '../folder/labels.ts';
import type { Interpolation, PictureInput } from '../folder/model-card.ts';
import { ownFile } from '../folder/own-file.ts';
import { ModelError } from '../model-error.ts';
import { batchOf, imageNetValues, onlyInput } from './graph-input.ts';
import type { KindPart, ModelDraft } from './model-draft.ts';

/** The manifest of microsoft/SPARROW-Engine, as its parser reads it. */
export const sparrowName = 'manifest.toml';

const pixels = z.tuple([z.int().positive(), z.int().positive()]);
const manifestSchema = z.looseObject({
  model: z.looseObject({
    id: z.string().min(1),
    format: z.string(),
    file: z.string().min(1),
    onnx_sha256: z.string().optional(),
    version: z.union([z.string(), z.number()]).transform(String).optional(),
    display_name: z.string().optional(),
    description: z.string().optional(),
  }),
  preprocessing: z.looseObject({
    method: z.string(),
    input_size: pixels.optional(),
    layout: z.string().optional(),
    channel_order: z.enum(['rgb', 'bgr']).default('rgb'),
    normalization: z.enum(['unit', 'imagenet', 'none']).optional(),
    pad_value: z.number().optional(),
    interpolation: z.enum(['bilinear', 'bicubic', 'lanczos', 'cv2_bilinear']).default('bilinear'),
    pre_crop_square: z.boolean().default(false),
    resize_size: pixels.optional(),
    resize_mode: z.enum(['exact', 'shorter_side']).default('exact'),
    center_crop: z.boolean().default(false),
  }),
  inference: z.looseObject({ strategy: z.string(), precision: z.string().default('fp32') }).optional(),
  postprocessing: z.looseObject({
    method: z.string(),
    confidence_threshold: z.number().min(0).max(1).optional(),
    iou_threshold: z.number().min(0).max(1).optional(),
    normalize: z.boolean().default(true),
  }),
  embedding: z.looseObject({ dim: z.int().positive().optional() }).optional(),
  labels: z.looseObject({ file: z.string(), format: z.string() }).optional(),
  provenance: z.looseObject({ developer: z.string().optional() }).optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

const interpolationOf: Readonly<Record<Manifest['preprocessing']['interpolation'], Interpolation>> = {
  bilinear: 'bilinear-antialias',
  bicubic: 'bicubic-antialias',
  lanczos: 'lanczos-antialias',
  cv2_bilinear: 'bilinear',
};

/**
 * Reads a model folder of SPARROW-Engine.
 * @throws ModelError MODEL_FOREIGN naming what of it is not known here
 */
export async function readSparrowManifest(folder: string): Promise<ModelDraft> {
  const path = join(folder, sparrowName);
  const refuse = (rule: string, hint?: string) =>
    new ModelError('MODEL_FOREIGN', `${path}: ${rule}`, hint === undefined ? {} : { hint });
  let toml: unknown;
  try {
    toml = parse(await textInFolder(folder, sparrowName));
  } catch (cause) {
    throw refuse(`is no TOML: ${(cause as Error).message.split('\n')[0]}`);
  }
  const { success, data: manifest, error } = manifestSchema.safeParse(toml);
  if (!success) {
    const [issue] = error.issues;
    throw refuse(`[${issue?.path.slice(0, 1).join('')}] ${issue?.path.slice(1).join('.')}: ${issue?.message}`);
  }
  const { model, inference, postprocessing, provenance } = manifest;
  if (model.format !== 'onnx') throw refuse(`format must be onnx, got ${model.format}`);
  if (inference !== undefined && inference.strategy !== 'single') {
    throw refuse(`strategy must be single, got ${inference.strategy}`, 'pictures in tiles are not read here');
  }
  const facts = readModelFacts(await ownFile(folder, model.file));
  const labels = await labelsOf(
    folder,
    manifest,
    postprocessing.method === 'softmax' || postprocessing.method === 'sigmoid',
    refuse,
  );
  return {
    from: folder,
    file: model.file,
    name: nameOf(model.id),
    version: versionOf(model.version),
    summary: model.description ?? model.display_name ?? model.id,
    source: provenance?.developer ?? `SPARROW-Engine manifest of ${basename(folder)}`,
    part: partOf(manifest, facts, labels, refuse),
    labels,
    statedSha256: model.onnx_sha256,
    assumed: ['the manifest names no licence: give it with --licence'],
  };
}

type Refuse = (rule: string, hint?: string) => ModelError;

function partOf(manifest: Manifest, facts: ModelFacts, labels: readonly Label[], refuse: Refuse): KindPart {
  const input = inputOf(manifest, facts, refuse);
  const { postprocessing, embedding } = manifest;
  const { method, confidence_threshold: score = 0.1, iou_threshold: iou = 0.45, normalize } = postprocessing;
  const outputs = facts.outputs.map(({ name }) => name);
  const [first = ''] = outputs;
  const onlyOne = () => {
    if (outputs.length !== 1) throw refuse(`the graph must have one output, got ${outputs.join(', ')}`);
    return first;
  };
  const needsLabels = () => {
    if (labels.length === 0) throw refuse('[labels] is missing, and the classes have no names');
  };
  const defaults = { score, iou };
  switch (method) {
    case 'megadet_v5a':
      needsLabels();
      return {
        kind: 'detector',
        input,
        output: { decode: 'yolo', boxes: onlyOne(), objectness: true, transposed: false },
        defaults,
      };
    case 'yolo_e2e':
      needsLabels();
      return { kind: 'detector', input, output: { decode: 'corners', boxes: onlyOne() }, defaults };
    case 'rtdetr_topk':
      needsLabels();
      return { kind: 'detector', input, output: { decode: 'rt-detr', boxes: onlyOne() }, defaults };
    case 'embedding': {
      const name = onlyOne();
      const width = facts.outputs[0]?.shape.at(-1) ?? embedding?.dim;
      if (width === undefined || width === null) {
        throw refuse('[embedding] dim is missing, and the graph leaves it open');
      }
      return { kind: 'image-encoder', input, output: { name, pool: 'none', width, normalise: normalize } };
    }
    case 'softmax':
    case 'sigmoid':
      needsLabels();
      return { kind: 'image-classifier', input, output: { name: onlyOne(), activation: method } };
    default:
      throw refuse(
        `[postprocessing] method ${JSON.stringify(method)} is not read here`,
        'known: megadet_v5a, yolo_e2e, rtdetr_topk, embedding, softmax, sigmoid',
      );
  }
}

function inputOf({ preprocessing: given }: Manifest, facts: ModelFacts, refuse: Refuse): PictureInput {
  const { method, input_size: size, normalization, layout = 'nchw' } = given;
  if (!['letterbox', 'resize', 'resize_crop'].includes(method)) {
    throw refuse(
      `[preprocessing] method ${JSON.stringify(method)} is not read here`,
      'known: letterbox, resize, resize_crop',
    );
  }
  if (size === undefined) throw refuse('[preprocessing] input_size is missing');
  if (layout !== 'nchw') throw refuse(`[preprocessing] layout must be nchw, got ${layout}`);
  if (normalization === undefined) throw refuse('[preprocessing] normalization is missing');
  if (given.pre_crop_square) throw refuse('[preprocessing] pre_crop_square is not read here');
  const graph = onlyInput(facts, refuse);
  return {
    name: graph.name,
    size,
    layout: 'nchw',
    channels: given.channel_order,
    values: normalization === 'unit' ? '0..1' : normalization === 'none' ? '0..255' : imageNetValues,
    fit: fitOf(given, size),
    interpolation: interpolationOf[given.interpolation],
    batch: batchOf(graph),
  };
}

function fitOf(given: Manifest['preprocessing'], size: [number, number]): PictureInput['fit'] {
  if (given.method === 'letterbox') {
    // The engine fills after scaling, and its default is the grey of 114.
    return { kind: 'letterbox', place: 'centre', round: 'round', pad: given.pad_value ?? 114 / 255, padding: 'after' };
  }
  if (given.method === 'resize') return { kind: 'stretch' };
  const resize = given.resize_size ?? size;
  return given.resize_mode === 'shorter_side'
    ? { kind: 'shorter-side', shorter: Math.min(...resize) }
    : { kind: 'stretch', resize };
}

async function labelsOf(folder: string, { labels }: Manifest, isClassifier: boolean, refuse: Refuse): Promise<Label[]> {
  if (labels === undefined) return [];
  const text = await textInFolder(folder, labels.file).catch((cause: Error) => {
    throw refuse(`[labels] file ${cause.message}`);
  });
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const names = namesOf(lines, labels.format, refuse);
  return names.map((name) => ({
    name,
    group: groupOfName(name, isClassifier ? 'animal' : 'other'),
    scientificName: null,
    taxonRank: null,
  }));
}

/** Lines of CSV are parted at their first comma, as the engine does. */
function namesOf(lines: readonly string[], format: string, refuse: Refuse): string[] {
  if (format === 'one_per_line') return lines.map((line) => line.trim());
  if (format !== 'name_index_csv' && format !== 'index_name_csv') {
    throw refuse(`[labels] format must be one_per_line, name_index_csv or index_name_csv, got ${format}`);
  }
  const names = new Map<number, string>();
  for (const line of lines) {
    const comma = line.indexOf(',');
    const parts = [line.slice(0, comma), line.slice(comma + 1)].map((part) => part.trim());
    const [name, index] = format === 'name_index_csv' ? parts : parts.toReversed();
    const at = Number(index);
    // A header is no class.
    if (!Number.isInteger(at) || at < 0 || at > 100_000 || index === '') continue;
    names.set(at, name ?? '');
  }
  const count = Math.max(-1, ...names.keys()) + 1;
  return Array.from({ length: count }, (_, i) => names.get(i) || `unknown_${i}`);
}

/** A name as ours are: words of a-z and 0-9 with hyphens. */
function nameOf(id: string): string {
  return id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
}

function versionOf(version: string | undefined): string {
  const numbers = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(version ?? '');
  return numbers === null ? '1.0.0' : [1, 2, 3].map((i) => numbers[i] ?? '0').join('.');
}
