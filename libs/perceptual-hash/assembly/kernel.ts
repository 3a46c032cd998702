/** Everything that `build.mjs` puts into the WebAssembly module. */
export { resample } from './resample';
export { greyFromChroma, greyFromLuma, isNeutral } from './grey';
