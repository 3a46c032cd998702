/**
 * Planar YUV to grey, in the 16-bit arithmetic of swscale's SIMD conversion to RGB (which OpenCV calls)
 * followed by Pillow's weights; `src/yuv-grey.ts` is the same in plain TypeScript.
 *
 * All work on 16 pixels at once and may read and write up to 15 bytes behind their area.
 */

/** Whether all bytes are 128: no colour anywhere. */
export function isNeutral(source: usize, bytes: i32): bool {
  const neutral = i8x16.splat(-128);
  let place = source;
  const whole = source + <usize>(bytes & ~15);
  for (; place < whole; place += 16) {
    if (v128.any_true(v128.xor(v128.load(place), neutral))) return false;
  }
  const end = source + <usize>bytes;
  for (; place < end; place++) if (load<u8>(place) !== 128) return false;
  return true;
}

/** Widens luma where there is no colour: red, green and blue are then all the scaled luma. */
export function greyFromLuma(source: usize, target: usize, bytes: i32, black8: i32, gain: i32): void {
  const black = i16x8.splat(<i16>black8);
  const scale = i16x8.splat(<i16>gain);
  for (let i = 0; i < bytes; i += 16) {
    const low = scaled(v128.load_ext<u8>(source), black, scale);
    const high = scaled(v128.load_ext<u8>(source, 8), black, scale);
    v128.store(target, i8x16.narrow_i16x8_u(low, high));
    source += 16;
    target += 16;
  }
}

/**
 * A picture whose chroma is halved across, and down `shiftY` times.
 *
 * Pillow's weights add up to one. Where neither red, green nor blue leaves 0..255, as nearly everywhere, grey is
 * therefore the scaled luma and a term of the chroma alone, which serves all of its pixels. Where one is cut off, the 16
 * pixels are weighed one by one.
 */
export function greyFromChroma(
  y: usize,
  u: usize,
  v: usize,
  target: usize,
  width: i32,
  height: i32,
  shiftY: i32,
  black8: i32,
  gain: i32,
  redV: i32,
  greenU: i32,
  greenV: i32,
  blueU: i32,
): void {
  const black = i16x8.splat(<i16>black8);
  const scale = i16x8.splat(<i16>gain);
  const neutral = i16x8.splat(1024);
  const white = i16x8.splat(255);
  const chromaWidth = <usize>((width + 1) >> 1);
  const stride = <usize>width;
  for (let row = 0; row < height; row += 1 << shiftY) {
    const sharing = min(1 << shiftY, height - row);
    for (let x: usize = 0; x < stride; x += 16) {
      const u8s = scaledInput(v128.load_ext<u8>(u + (x >> 1)), neutral);
      const v8s = scaledInput(v128.load_ext<u8>(v + (x >> 1)), neutral);
      const dr = mulHigh(v8s, i16x8.splat(<i16>redV));
      const dg = i16x8.add(mulHigh(u8s, i16x8.splat(<i16>greenU)), mulHigh(v8s, i16x8.splat(<i16>greenV)));
      const db = mulHigh(u8s, i16x8.splat(<i16>blueU));
      const shift = weighedEight(dr, dg, db);
      const least = i16x8.min_s(dr, i16x8.min_s(dg, db));
      // 255 less the greatest, so that one test tells of both ends.
      const room = i16x8.sub(white, i16x8.max_s(dr, i16x8.max_s(dg, db)));
      let from = y + x;
      let to = target + x;
      for (let left = sharing; left !== 0; left--) {
        const low = scaled(v128.load_ext<u8>(from), black, scale);
        const high = scaled(v128.load_ext<u8>(from, 8), black, scale);
        const cut = v128.or(
          v128.or(i16x8.add(low, doubleLow(least)), i16x8.sub(doubleLow(room), low)),
          v128.or(i16x8.add(high, doubleHigh(least)), i16x8.sub(doubleHigh(room), high)),
        );
        const grey = i16x8.bitmask(cut) === 0
            ? i8x16.narrow_i16x8_u(i16x8.add(low, doubleLow(shift)), i16x8.add(high, doubleHigh(shift)))
            : greyOfCut(low, high, dr, dg, db);
        // The last block may reach into the row below, whose first pixels are done already.
        const below = to + (stride - x);
        if (below < to + 16) {
          const done = v128.load(below);
          v128.store(to, grey);
          v128.store(below, done);
        } else v128.store(to, grey);
        from += stride;
        to += stride;
      }
    }
    y += stride * <usize>sharing;
    target += stride * <usize>sharing;
    u += chromaWidth;
    v += chromaWidth;
  }
}

/** 16 pixels by their red, green and blue, each cut off at 0 and 255. */
function greyOfCut(low: v128, high: v128, dr: v128, dg: v128, db: v128): v128 {
  const r = i8x16.narrow_i16x8_u(i16x8.add(low, doubleLow(dr)), i16x8.add(high, doubleHigh(dr)));
  const g = i8x16.narrow_i16x8_u(i16x8.add(low, doubleLow(dg)), i16x8.add(high, doubleHigh(dg)));
  const b = i8x16.narrow_i16x8_u(i16x8.add(low, doubleLow(db)), i16x8.add(high, doubleHigh(db)));
  return i8x16.narrow_i16x8_u(
    weighedEight(i16x8.extend_low_i8x16_u(r), i16x8.extend_low_i8x16_u(g), i16x8.extend_low_i8x16_u(b)),
    weighedEight(i16x8.extend_high_i8x16_u(r), i16x8.extend_high_i8x16_u(g), i16x8.extend_high_i8x16_u(b)),
  );
}

// Editors read this as TypeScript, which knows no decorators on functions; AssemblyScript does, and `asc` checks the types.
@inline
function scaledInput(samples: v128, zero: v128): v128 {
  return i16x8.sub(i16x8.shl(samples, 3), zero);
}

@inline
function scaled(samples: v128, zero: v128, gain: v128): v128 {
  return mulHigh(scaledInput(samples, zero), gain);
}

/** The upper 16 bits of each signed product. */
@inline
function mulHigh(a: v128, b: v128): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.extmul_low_i16x8_s(a, b), 16),
    i32x4.shr_s(i32x4.extmul_high_i16x8_s(a, b), 16),
  );
}

/** Pillow's grey of red, green and blue, or of what they are more than the luma: 19595 R + 38470 G + 7471 B + 32768. */
@inline
function weighedEight(r: v128, g: v128, b: v128): v128 {
  const twos = i16x8.splat(2);
  return i16x8.add(
    g,
    i16x8.narrow_i32x4_s(
      weighed(interleavedLow(r, g), interleavedLow(b, twos)),
      weighed(interleavedHigh(r, g), interleavedHigh(b, twos)),
    ),
  );
}

/** With 65536 G taken out, so that G's weight fits 16 bits; the half is 2 * 16384. */
@inline
function weighed(rg: v128, bHalf: v128): v128 {
  const redGreen = i32x4.splat(19595 | (-27066 << 16));
  const blueHalf = i32x4.splat(7471 | (16384 << 16));
  return i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(rg, redGreen), i32x4.dot_i16x8_s(bHalf, blueHalf)), 16);
}

@inline
function interleavedLow(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

@inline
function interleavedHigh(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

@inline
function doubleLow(lanes: v128): v128 {
  return i16x8.shuffle(lanes, lanes, 0, 0, 1, 1, 2, 2, 3, 3);
}

@inline
function doubleHigh(lanes: v128): v128 {
  return i16x8.shuffle(lanes, lanes, 4, 4, 5, 5, 6, 6, 7, 7);
}
