export { writePatchedHeaders } from './patches.ts';
export type { Sources } from './sources.ts';
export { findSources } from './sources.ts';
export { sourcesDigest } from './sources-digest.ts';
