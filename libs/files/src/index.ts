export { writeFileAtomic, writeFileUnsynced, withAtomicFile } from './atomic.ts';
export { canonicalJson, digestOf, sha256Bytes, sha256File } from './digest.ts';
export { DurableLog, readLog, type EntrySchema } from './durable-log.ts';
export { isRunning } from './is-running.ts';
export { readLine, readLines, type LinePlace } from './json-lines.ts';
export { makeFolder } from './make-folder.ts';
export { parsedJson } from './parsed-json.ts';
export { removeStaleTemporaries } from './remove-stale-temporaries.ts';
export { writeTextAtomic } from './write-text-atomic.ts';
