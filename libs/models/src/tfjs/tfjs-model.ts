import { z } from 'zod';

/** Numbers of 64 bits come as text. */
const whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);
/** Text of a graph's attributes: base64. */
const word = z.base64().transform((text) => Buffer.from(text, 'base64').toString('utf8'));
const dimensions = z.object({ dim: z.array(z.object({ size: whole })).optional() });

const attributeSchema = z.object({
  i: whole.optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  s: word.optional(),
  type: z.union([z.string(), z.int()]).optional(),
  shape: dimensions.optional(),
  list: z.object({ i: z.array(whole).optional(), s: z.array(word).optional() }).optional(),
});
const nodeSchema = z.object({
  name: z.string().min(1),
  op: z.string().min(1),
  input: z.array(z.string().min(1)).default([]),
  attr: z.record(z.string(), attributeSchema).default({}),
});
const weightSchema = z.object({
  name: z.string().min(1),
  shape: z.array(z.int().nonnegative()),
  dtype: z.enum(['float32', 'int32', 'bool']),
  /** Float16, or bytes and words between a lowest value and steps of a scale. */
  quantization: z
    .union([
      z.object({ dtype: z.literal('float16') }),
      z.object({ dtype: z.enum(['uint8', 'uint16']), min: z.number(), scale: z.number() }),
    ])
    .optional(),
});

/** A graph model as TensorFlow.js keeps it in JSON; what is not read here is passed over. */
export const tfjsModelSchema = z.object({
  format: z.literal('graph-model'),
  modelTopology: z.object({
    node: z.array(nodeSchema).min(1).max(20_000),
    library: z
      .object({ function: z.array(z.unknown()).max(0, 'functions of a graph are not known here').optional() })
      .optional(),
  }),
  weightsManifest: z.array(z.object({ paths: z.array(z.string().min(1)), weights: z.array(weightSchema) })),
});

/** A graph model; see {@link tfjsModelSchema}. */
export type TfjsModel = z.infer<typeof tfjsModelSchema>;
/** One operation of it. */
export type TfjsNode = z.infer<typeof nodeSchema>;
/** How one tensor lies among the weights. */
export type TfjsWeight = z.infer<typeof weightSchema>;
