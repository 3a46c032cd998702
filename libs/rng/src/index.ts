export { Rng, seedFrom } from './rng.ts';
