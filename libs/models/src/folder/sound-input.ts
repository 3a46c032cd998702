import { z } from 'zod';

const samples = z
  .int()
  .min(1)
  .max(2 ** 25);
const hertz = z.number().nonnegative();
const base = z.enum(['e', '10']);

/** How sound becomes log-mel bands; `LogMelSettings` of `@primatrix/sound` says what each of it means. */
const melSchema = z
  .strictObject({
    rule: z.enum(['slaney', 'kaldi']),
    bins: z.int().min(1).max(1024),
    low: hertz,
    high: hertz,
    fftSize: z
      .int()
      .min(2)
      .max(2 ** 16)
      .refine((size) => Number.isInteger(Math.log2(size)), 'must be a power of two'),
    windowSize: samples,
    window: z.enum(['hann', 'hann-symmetric']),
    hop: samples,
    pad: z.enum(['reflect', 'zeros', 'none']),
    preEmphasis: z.number().min(0).max(1),
    power: z.union([z.literal(1), z.literal(2)]),
    log: z.union([
      z.strictObject({ base, plus: z.number().positive() }),
      z.strictObject({ base, atLeast: z.number().positive() }),
    ]),
    normalise: z.strictObject({ mean: z.number(), deviation: z.number().positive() }),
  })
  .refine(({ low, high }) => low < high, { path: ['high'], error: 'must be more than low' })
  .refine(({ windowSize, fftSize }) => windowSize <= fftSize, {
    path: ['windowSize'],
    error: 'must not be more than fftSize',
  });

const heard = {
  /** The graph's input. */
  name: z.string().min(1),
  /** Samples a second; sound of another rate is resampled. Mono, -1..1. */
  rate: z.int().min(1000).max(384_000),
  /** Samples of one look, and from the beginning of one to that of the next. */
  window: samples,
  hop: samples,
  /**
   * Where less than a window is left: silence is added (`zeros`); or the last look ends with the sound, and a sound that is shorter than
   * a window is given as short as it is (`none`), for graphs of any length.
   */
  fill: z.enum(['zeros', 'none']),
  /** Looks at once: a number that the graph fixes, or `free`. */
  batch: z.union([z.int().min(1).max(64), z.literal('free')]),
};

/** How a clip's sound is brought to a model: `n` looks, `s` samples, `b` mel bands from the lowest, `t` frames, `1` an axis of one. */
export const soundInputSchema = z.discriminatedUnion('form', [
  z.strictObject({ ...heard, form: z.literal('samples'), layout: z.enum(['ns', 'n1s']) }),
  z
    .strictObject({
      ...heard,
      form: z.literal('mel'),
      layout: z.enum(['nbt', 'ntb', 'n1bt', 'n1tb']),
      mel: melSchema,
    })
    .refine(({ mel, rate }) => mel.high <= rate / 2, {
      path: ['mel', 'high'],
      error: 'must not be more than half the rate',
    }),
]);

/** How a clip's sound is brought to a model; see {@link soundInputSchema}. */
export type SoundInput = z.infer<typeof soundInputSchema>;
