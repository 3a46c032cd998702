import { z } from 'zod';
import { declaredCardSchema, declaredFileSchema } from '../folder/declared-model.ts';

const tensorPrefix = z.string().min(1);
const valueName = z.string().min(1);
const placed = {
  /** What other layers and outputs call it; needed only where one does. */
  name: valueName.optional(),
  /** The value that it reads; default: the layer before it, of the first the input. */
  from: valueName.optional(),
};
const side = z.union([z.int().positive(), valueName]);
const then = z.enum(['relu', 'hard-swish']).optional();

/** One layer; its tensors in the file begin with the words that it gives, and their shapes say the rest: sizes, channels, groups. */
const layerSchema = z.discriminatedUnion('op', [
  /** `<weights>.weight` [out, in / groups, height, width] and, if there, `.bias`; then batch norm over `<norm>.weight`, `.bias`, `.running_mean`, `.running_var`. */
  z.strictObject({
    op: z.literal('conv'),
    ...placed,
    weights: tensorPrefix,
    norm: z.strictObject({ weights: tensorPrefix, epsilon: z.number().positive() }).optional(),
    stride: z.int().min(1),
    /** Zeros on each of the four sides. */
    pad: z.int().nonnegative(),
    then,
  }),
  /** `<weights>.weight` [out, in] and, if there, `.bias`, of [n, in]. */
  z.strictObject({ op: z.literal('linear'), ...placed, weights: tensorPrefix, then }),
  /** Squeeze and excitation (Hu et al., 2018): each channel times sigmoid(widen(relu(narrow(its mean)))), two linear layers. */
  z.strictObject({ op: z.literal('squeeze'), ...placed, narrow: tensorPrefix, widen: tensorPrefix }),
  /** The sum with another value of the same shape. */
  z.strictObject({ op: z.literal('add'), ...placed, with: valueName }),
  /** The mean over height and width: [n, channels]. */
  z.strictObject({ op: z.literal('mean'), ...placed }),
]);
/** One layer of a declared net. */
export type Layer = z.infer<typeof layerSchema>;

/** The file that makes a folder one of a net in layers. */
export const layersName = 'layers.json';

/** `layers.json`: a net declared in layers, whose weights are a state dictionary of PyTorch in a safetensors file. */
export const layersFileSchema = z.strictObject({
  schema: z.literal(1),
  card: declaredCardSchema,
  weights: declaredFileSchema,
  /** float32; a word is a size that is known at run time. */
  input: z.strictObject({
    name: valueName,
    shape: z.tuple([valueName, z.int().positive(), side, side]),
  }),
  layers: z.array(layerSchema).min(1).max(10_000),
  /** Outputs of the graph: names of layers. */
  outputs: z.array(valueName).min(1),
});
/** A net declared in layers; see {@link layersFileSchema}. */
export type LayersFile = z.infer<typeof layersFileSchema>;
