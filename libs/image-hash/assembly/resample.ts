/**
 * The Lanczos kernel of image-hash in AssemblyScript. Compiled by `build.mjs` into
 * `src/kernel-bytes.ts`; `src/resample.ts` is the same in plain TypeScript.
 *
 * A weight has up to 23 bits, so it is held as two 16-bit halves, weight = high * 256 + low, whose dot
 * products with the pixels are taken apart and joined at the end. Sums wrap at 32 bits, but the true
 * total always fits, so the join is exact.
 *
 * The plan lists each output: u32 first input, u32 blocks, 8 bytes unused; then for each block of 8
 * taps 8 i16 high halves and 8 i16 low halves. The last block is filled up with zeros, so up to 7
 * bytes behind a row are read and count for nothing.
 *
 * Four rows are worked at once: a weight loaded once serves four pixels, and the four results lie side
 * by side in the transposed output. `rows` is rounded up to a multiple of 4 by the caller.
 */
export function resample(
  source: usize,
  inputs: usize,
  rows: i32,
  plan: usize,
  outputs: i32,
  target: usize,
  targetStride: usize,
): void {
  const half = i32x4.splat(1 << 21);
  for (let row = 0; row < rows; row += 4) {
    let entry = plan;
    let place = target + <usize>row;
    for (let output = 0; output < outputs; output++) {
      let p0 = source + load<u32>(entry);
      let p1 = p0 + inputs;
      let p2 = p1 + inputs;
      let p3 = p2 + inputs;
      let blocks = load<u32>(entry, 4);
      entry += 16;
      let h0 = i32x4.splat(0);
      let h1 = h0;
      let h2 = h0;
      let h3 = h0;
      let l0 = h0;
      let l1 = h0;
      let l2 = h0;
      let l3 = h0;
      for (; blocks !== 0; blocks--) {
        const high = v128.load(entry);
        const low = v128.load(entry, 16);
        let pixels = v128.load_ext<u8>(p0);
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(pixels, high));
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(pixels, low));
        pixels = v128.load_ext<u8>(p1);
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(pixels, high));
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(pixels, low));
        pixels = v128.load_ext<u8>(p2);
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(pixels, high));
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(pixels, low));
        pixels = v128.load_ext<u8>(p3);
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(pixels, high));
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(pixels, low));
        p0 += 8;
        p1 += 8;
        p2 += 8;
        p3 += 8;
        entry += 32;
      }
      const sums = i32x4.add(
        i32x4.add(i32x4.shl(sumLanes(h0, h1, h2, h3), 8), sumLanes(l0, l1, l2, l3)),
        half,
      );
      const rounded = i32x4.shr_s(sums, 22);
      const words = i16x8.narrow_i32x4_s(rounded, rounded);
      v128.store_lane<u32>(place, i8x16.narrow_i16x8_u(words, words), 0);
      place += targetStride;
    }
    source += inputs * 4;
  }
}

/** The sum of the four lanes of each argument, one in each lane of the result. */
// @ts-ignore: decorator
@inline
function sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.add(i32x4.shuffle(ab, cd, 0, 1, 4, 5), i32x4.shuffle(ab, cd, 2, 3, 6, 7));
}
