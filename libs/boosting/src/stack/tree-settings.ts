import type { JsonValue } from '@primatrix/families';
import { z } from 'zod';
import { stackTargets, type StackTarget } from './tree-stack.ts';

/** One variant of a stacker of trees; plain JSON. P: the library's parameters. */
export type TreeSettings<P> = {
  readonly target: StackTarget;
  /** Most rounds of training. */
  readonly rounds: number;
  /** Rounds without a lower validation loss after which training stops. */
  readonly patience: number;
  readonly params: P;
};

const schema = z.strictObject({
  target: z.enum(stackTargets),
  rounds: z.int().positive(),
  patience: z.int().positive(),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
});

/**
 * The settings of a fit; names and ranges of the parameters are the library's to check.
 * @throws ZodError where they are none
 */
export function readTreeSettings<P>(settings: JsonValue): TreeSettings<P> {
  return schema.parse(settings) as TreeSettings<P>;
}
