export { writeFileAtomic, writeFileUnsynced, withAtomicFile } from './atomic.ts';
export { canonicalJson, digestOf, sha256Bytes, sha256File } from './digest.ts';
export { removeStaleTemporaries } from './remove-stale-temporaries.ts';
export { writeTextAtomic } from './write-text-atomic.ts';
