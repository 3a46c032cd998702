/**
 * The Lanczos kernel of image-hash in AssemblyScript. Compiled by `build.mjs` into
 * `src/kernel-bytes.ts`; `src/resample.ts` is the same in plain TypeScript.
 *
 * A weight has up to 23 bits, so it is split: weight = high * 2^shift + low, both of 16 bits. Sums wrap at
 * 32 bits, but the true total always fits, so that joining the two dot products is exact. The sum of the
 * low parts is small, and its bounds are known beforehand: only where they do not settle the rounded
 * result (one pixel in sixty) are the low parts summed at all.
 *
 * The plan lists each output: u32 first input, u32 blocks, i32 lower and i32 upper bound of the low sum,
 * both with the rounding half added; then for each block of 8 taps 8 i16 high parts; then as many low
 * parts. The last block is filled up with zeros, so up to 7 bytes behind a row are read and count for
 * nothing.
 *
 * Four rows are worked at once: a weight loaded once serves four pixels, and the four results lie side
 * by side in the transposed output. `rows` is rounded up to a multiple of 4 by the caller.
 */
export function resample(
  source: usize,
  inputs: usize,
  rows: i32,
  plan: usize,
  shift: i32,
  outputs: i32,
  target: usize,
  targetStride: usize,
): void {
  const half = i32x4.splat(1 << 21);
  for (let row = 0; row < rows; row += 4) {
    let entry = plan;
    let place = target + <usize>row;
    for (let output = 0; output < outputs; output++) {
      const first = source + load<u32>(entry);
      const blocks = load<u32>(entry, 4);
      const highs = entry + 16;
      const lows = highs + (<usize>blocks << 4);
      const sums = i32x4.shl(dotRows(first, inputs, highs, blocks), shift);
      let rounded = i32x4.shr_s(i32x4.add(sums, v128.load32_splat(entry, 8)), 22);
      const upper = i32x4.shr_s(i32x4.add(sums, v128.load32_splat(entry, 12)), 22);
      if (!i32x4.all_true(i32x4.eq(rounded, upper))) {
        rounded = i32x4.shr_s(i32x4.add(i32x4.add(sums, dotRows(first, inputs, lows, blocks)), half), 22);
      }
      const words = i16x8.narrow_i32x4_s(rounded, rounded);
      v128.store_lane<u32>(place, i8x16.narrow_i16x8_u(words, words), 0);
      place += targetStride;
      entry = lows + (<usize>blocks << 4);
    }
    source += inputs * 4;
  }
}

/** The dot products of four rows with the same weights, one in each lane. */
// Editors read this as TypeScript, which knows no decorators on functions; AssemblyScript does, and `asc` checks the types.
// @ts-ignore: decorator
@inline
function dotRows(first: usize, inputs: usize, weights: usize, blocks: u32): v128 {
  let p0 = first;
  let p1 = p0 + inputs;
  let p2 = p1 + inputs;
  let p3 = p2 + inputs;
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (let left = blocks; left !== 0; left--) {
    const eight = v128.load(weights);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load_ext<u8>(p0), eight));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load_ext<u8>(p1), eight));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load_ext<u8>(p2), eight));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load_ext<u8>(p3), eight));
    p0 += 8;
    p1 += 8;
    p2 += 8;
    p3 += 8;
    weights += 16;
  }
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.add(i32x4.shuffle(ab, cd, 0, 1, 4, 5), i32x4.shuffle(ab, cd, 2, 3, 6, 7));
}
