import { isPlainPath } from '@primatrix/files';
import { z } from 'zod';
import { soundInputSchema } from './sound-input.ts';

/** What a model is for. */
export const modelKinds = [
  'detector',
  'image-encoder',
  'image-classifier',
  'sound-encoder',
  'sound-classifier',
] as const;

/** Ways to bring a picture to another size; see {@link resizePictureTo}. */
export const interpolations = [
  'bilinear',
  'bilinear-antialias',
  'bicubic-antialias',
  'lanczos-antialias',
  'nearest',
] as const;
/** One of {@link interpolations}. */
export type Interpolation = (typeof interpolations)[number];

const plainFile = z.string().refine(isPlainPath, 'must be a path below the folder, with forward slashes');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256: 64 digits of 0-9 and a-f');
const side = z.int().min(1).max(4096);
/** Width and height in pixels. */
const size = z.tuple([side, side]);
const perChannel = z.tuple([z.number(), z.number(), z.number()]);

/** How a picture of any shape becomes one of the model's. */
const fitSchema = z.discriminatedUnion('kind', [
  /** Both sides to `resize` (default: the model's own size), whatever the aspect; what is larger is then cut around the centre. */
  z.strictObject({ kind: z.literal('stretch'), resize: size.optional() }),
  /** The shorter side to `shorter` pixels, the longer to floor(shorter * longer / shorter side); the centre is cut out. */
  z.strictObject({ kind: z.literal('shorter-side'), shorter: side }),
  /** As large as fits with its aspect kept; the rest is filled. */
  z.strictObject({
    kind: z.literal('letterbox'),
    place: z.enum(['top-left', 'centre']),
    /** What is done with a fraction of a pixel in the new size. */
    round: z.enum(['floor', 'round']),
    /** Value of the filling: of a pixel, 0..255, or what the model is given, where `padding` is `after`. */
    pad: z.number(),
    /** Whether the filling is scaled like pixels (`before`) or is given as it is (`after`). */
    padding: z.enum(['before', 'after']).default('before'),
  }),
]);

const pictureInputSchema = z.strictObject({
  /** The graph's input. */
  name: z.string().min(1),
  size,
  layout: z.enum(['nchw', 'nhwc']),
  channels: z.enum(['rgb', 'bgr']),
  /** What a byte becomes; `mean` and `deviation` are of values 0..1, in the order R, G, B. */
  values: z.union([
    z.enum(['0..255', '0..1', '-1..1']),
    z.strictObject({
      mean: perChannel,
      deviation: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
    }),
  ]),
  fit: fitSchema,
  interpolation: z.enum(interpolations),
  /** Pictures at once: a number that the graph fixes, or `free`. */
  batch: z.union([z.int().min(1).max(64), z.literal('free')]),
});

const output = z.string().min(1);
const detectorOutputSchema = z.discriminatedUnion('decode', [
  /** [1, cells, 5 + classes] as YOLOX gives it: offsets and logarithms within a grid's cell; objectness and classes as probabilities. */
  z.strictObject({ decode: z.literal('yolox'), strides: z.array(z.int().positive()).min(1), boxes: output }),
  /** [1, boxes, 5 + classes] in pixels of the model's picture: centre, size, objectness (unless false), classes; `transposed`: [1, 4 + classes, boxes]. */
  z.strictObject({
    decode: z.literal('yolo'),
    boxes: output,
    objectness: z.boolean().default(true),
    transposed: z.boolean().default(false),
  }),
  /** [boxes, 6] in pixels of the model's picture: two corners, score, class; nothing is left to suppress. */
  z.strictObject({ decode: z.literal('corners'), boxes: output }),
  /**
   * Boxes as centre and size, 0..1 of the model's picture: [boxes, 6] with score and class, or [boxes, 4] beside `scores`, which are
   * logits [boxes, classes].
   */
  z.strictObject({ decode: z.literal('rt-detr'), boxes: output, scores: output.optional() }),
]);

const encoderOutputSchema = z.strictObject({
  name: output,
  /** Of [n, tokens, width]: the first token, the mean of all, or of all but the first; `none`: [n, width]. */
  pool: z.enum(['none', 'cls', 'mean', 'mean-patches']),
  width: z.int().min(1).max(65_536),
  /** Whether the vector is brought to length 1. */
  normalise: z.boolean().default(false),
});
const classifierOutputSchema = z.strictObject({ name: output, activation: z.enum(['softmax', 'sigmoid', 'none']) });

const named = {
  $schema: z.string().optional(),
  schema: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be words of a-z and 0-9 with hyphens between'),
  version: z.string().regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/, 'must be a version, for example 1.0.0'),
  /** One sentence for people. */
  summary: z.string().min(1).max(300),
  file: plainFile,
  sha256,
  bytes: z.int().positive(),
  /** Further files that hold weights of the graph, as ONNX names them. */
  data: z.array(z.strictObject({ file: plainFile, sha256, bytes: z.int().positive() })).optional(),
  /** As SPDX names it, or `unknown`. */
  licence: z.string().min(1).max(200),
  /** Whether the licence allows commercial use; null where nobody has said. */
  commercialUse: z.boolean().nullable(),
  /** Where it comes from: an address, or words. */
  source: z.string().min(1).max(500),
};

const threshold = z.number().min(0).max(1);

/** `model.json`: what a model is, how its input is made and how its output is read. Nothing that changes a number is left open. */
export const modelCardSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...named,
    kind: z.literal('detector'),
    input: pictureInputSchema,
    output: detectorOutputSchema,
    labels: plainFile,
    /** Boxes below `score` are left out; of two of a class that overlap by more than `iou` the weaker is. */
    defaults: z.strictObject({ score: threshold.default(0.1), iou: threshold.default(0.45) }).optional(),
  }),
  z.strictObject({
    ...named,
    kind: z.literal('image-encoder'),
    input: pictureInputSchema,
    output: encoderOutputSchema,
  }),
  z.strictObject({
    ...named,
    kind: z.literal('image-classifier'),
    input: pictureInputSchema,
    output: classifierOutputSchema,
    labels: plainFile,
  }),
  z.strictObject({ ...named, kind: z.literal('sound-encoder'), input: soundInputSchema, output: encoderOutputSchema }),
  z.strictObject({
    ...named,
    kind: z.literal('sound-classifier'),
    input: soundInputSchema,
    output: classifierOutputSchema,
    labels: plainFile,
  }),
]);

/** A `model.json` that was read; see {@link modelCardSchema}. */
export type ModelCard = z.infer<typeof modelCardSchema>;
/** A card of one kind. */
export type CardOf<Kind extends ModelCard['kind']> = Extract<ModelCard, { kind: Kind }>;
/** Cards of models that look, and of those that listen. */
export type PictureCard = CardOf<'detector' | 'image-encoder' | 'image-classifier'>;
export type SoundCard = CardOf<'sound-encoder' | 'sound-classifier'>;
/** How a picture is brought to a model: size in pixels, layout, colours, scaling, fitting. */
export type PictureInput = z.infer<typeof pictureInputSchema>;
/** How a detector's outputs become boxes. */
export type DetectorOutput = z.infer<typeof detectorOutputSchema>;
