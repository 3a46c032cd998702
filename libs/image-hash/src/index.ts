export { ClipHashes, hashBits, hashFrames } from './clip-hashes.ts';
export type { HashableFrame } from './clip-hashes.ts';
export { BadHashError, FrameSizeError } from './errors.ts';
export { FrameHasher } from './frame-hasher.ts';
export type { FrameHash } from './frame-hasher.ts';
export { hammingDistance } from './hamming.ts';
export { summariseHashes } from './hash-summary.ts';
export type { HashSummary } from './hash-summary.ts';
export { fromHex, toHex } from './hex.ts';
