import { z } from 'zod';

const decay = z.number().nonnegative().default(0);
const epsilon = z.number().positive().default(1e-8);

/** Optimisers with the formulas and defaults of Keras 2.0.8; `decay` divides the rate by 1 + decay * steps. */
export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('adam'),
    learningRate: z.number().positive().default(0.001),
    decay,
    epsilon,
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.999),
  }),
  z.strictObject({
    kind: z.literal('sgd'),
    learningRate: z.number().positive().default(0.01),
    decay,
    momentum: z.number().min(0).lt(1).default(0),
    nesterov: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('rmsprop'),
    learningRate: z.number().positive().default(0.001),
    decay,
    epsilon,
    rho: z.number().min(0).lt(1).default(0.9),
  }),
]);
/** An optimizer as a net's settings name it: what is left out takes its default. */
export type OptimizerSettings = z.input<typeof optimizerSchema>;
/** An optimizer with every figure that it has, defaults filled in. */
export type ResolvedOptimizer = z.output<typeof optimizerSchema>;

/** How a net is trained; plain JSON, part of cache keys. */
export const trainSettingsSchema = z
  .strictObject({
    optimizer: optimizerSchema,
    /** Clips a step. */
    batch: z.int().positive(),
    /**
     * Clips computed at once, a divisor of `batch`; their gradients are added up, so that large nets train in little
     * memory. Default: the whole batch. Only batch normalisation sees the difference.
     */
    microBatch: z.int().positive().optional(),
    /** Steps of an epoch; `pass`: as many whole batches as there are training clips, one at least. */
    stepsPerEpoch: z.union([z.int().positive(), z.literal('pass')]),
    /** How clips come: in shuffled passes over all of them (default), or each drawn from all of them. */
    draw: z.enum(['passes', 'replacement']).optional(),
    /** Clips shorter than the net's input begin at a random place, zeros around them; default: at the first. */
    shiftShort: z.boolean().optional(),
    /** An epoch is judged by so many batches of random crops, drawn anew each time; default: the whole fold, all crops. */
    validBatches: z.int().positive().optional(),
    maxEpochs: z.int().positive(),
    /** Epochs without a lower validation loss after which training stops. */
    patience: z.int().positive(),
    /** A second phase that starts from the best weights of the first. */
    then: z
      .strictObject({ optimizer: optimizerSchema, maxEpochs: z.int().positive(), patience: z.int().positive() })
      .optional(),
    /**
     * Random changes of training crops: mirror the axis before the last (width) half of the time; add up to ±shift to each
     * channel, any real number, or, if `whole`, a whole one, after which values are cut off at 0 and 255.
     */
    augment: z
      .strictObject({
        flip: z.boolean().default(false),
        channelShift: z.number().nonnegative().default(0),
        whole: z.boolean().optional(),
      })
      .optional(),
  })
  .refine(({ batch, microBatch }) => batch % (microBatch ?? batch) === 0, {
    path: ['microBatch'],
    message: 'must divide batch',
  });
/** Training settings as they are written. */
export type TrainSettings = z.input<typeof trainSettingsSchema>;
/** How a net is trained, with every figure, defaults filled in. */
export type ResolvedTrainSettings = Omit<z.output<typeof trainSettingsSchema>, 'stepsPerEpoch'> & {
  readonly stepsPerEpoch: number;
};

/**
 * Steps of an epoch.
 * @param clips that there are to train on
 */
export function stepsOfEpoch(
  { stepsPerEpoch, batch }: Pick<TrainSettings, 'stepsPerEpoch' | 'batch'>,
  clips: number,
): number {
  return stepsPerEpoch === 'pass' ? Math.max(1, Math.floor(clips / batch)) : stepsPerEpoch;
}
