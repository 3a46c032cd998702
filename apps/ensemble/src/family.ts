import { createRequire } from 'node:module';
import type { EnsembleFamily } from '@primatrix/families';
import { combine } from './combine.ts';
import { searchWeights } from './search-weights.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** The weighted mean of second-level and first-level predictions, weights searched on out-of-fold predictions. */
export const family: EnsembleFamily = {
  kind: 'ensemble',
  name: 'ensemble',
  version,
  summary: 'weighted mean of the members, weights by coordinate search on out-of-fold predictions',
  fit: searchWeights,
  combine,
};
