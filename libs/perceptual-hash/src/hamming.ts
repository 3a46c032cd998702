/** How many bits of a 32-bit word are set. */
export function popcount32(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** In how many of their 64 bits two hashes differ, 0..64. */
export function hammingDistance(a: bigint, b: bigint): number {
  const difference = BigInt.asUintN(64, a ^ b);
  return popcount32(Number(difference >> 32n)) + popcount32(Number(difference & 0xffffffffn));
}

/** The larger of the distances of two frames' pHash and dHash, 0..64; `a` and `b` are indices of the first of their 4 words. */
export function hashDistance(words: Uint32Array, a: number, b: number): number {
  const differing = (word: number): number => popcount32(words[a + word]! ^ words[b + word]!);
  return Math.max(differing(0) + differing(1), differing(2) + differing(3));
}
