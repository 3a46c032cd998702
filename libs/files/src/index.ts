export { writeFileAtomic, writeFileUnsynced, withAtomicFile } from './atomic.ts';
export { canonicalJson, digestOf, sha256Bytes, sha256File } from './digest.ts';
export { isRunning } from './is-running.ts';
export { makeFolder } from './make-folder.ts';
export { removeStaleTemporaries } from './remove-stale-temporaries.ts';
export { writeTextAtomic } from './write-text-atomic.ts';
