import { z } from 'zod';
import { declaredCardSchema, declaredFileSchema } from '../folder/declared-model.ts';

/** The file that makes a folder one of a graph model of TensorFlow.js. */
export const tfjsName = 'tfjs.json';

/** `tfjs.json`: which graph model it is, and what of it is wanted. Its own JSON says neither what it is for nor how its input is made. */
export const tfjsFileSchema = z.strictObject({
  schema: z.literal(1),
  card: declaredCardSchema,
  /** The JSON with the graph, and each file of weights that it names, in its order. */
  model: declaredFileSchema,
  weights: z.array(declaredFileSchema).min(1),
  /** Outputs of the graph, all float32: names of operations, and their shapes; a word is a size that is known at run time. */
  outputs: z
    .array(
      z.strictObject({ name: z.string().min(1), shape: z.array(z.union([z.int().positive(), z.string().min(1)])) }),
    )
    .min(1),
});
/** A graph model, and what of it is wanted; see {@link tfjsFileSchema}. */
export type TfjsFile = z.infer<typeof tfjsFileSchema>;
