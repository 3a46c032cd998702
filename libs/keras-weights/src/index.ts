export { KerasWeightsError } from './errors.ts';
export { matchKerasWeights } from './match-keras-weights.ts';
export type { ExpectedLayer } from './match-keras-weights.ts';
export { readKerasWeights } from './read-keras-weights.ts';
export type { KerasWeight, KerasWeights } from './read-keras-weights.ts';
