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

/** One row whose chroma is halved across. */
function greyRow(
  y: usize,
  u: usize,
  v: usize,
  target: usize,
  width: i32,
  black: v128,
  gain: v128,
  redV: v128,
  greenU: v128,
  greenV: v128,
  blueU: v128,
): void {
  const neutral = i16x8.splat(1024);
  const redGreen = i32x4.splat(19595 | (-27066 << 16));
  const blueHalf = i32x4.splat(7471 | (16384 << 16));
  const twos = i8x16.splat(2);
  for (let x = 0; x < width; x += 16) {
    const u8s = scaledInput(v128.load_ext<u8>(u), neutral);
    const v8s = scaledInput(v128.load_ext<u8>(v), neutral);
    const dr = mulHigh(v8s, redV);
    const dg = i16x8.add(mulHigh(u8s, greenU), mulHigh(v8s, greenV));
    const db = mulHigh(u8s, blueU);
    const low = scaled(v128.load_ext<u8>(y), black, gain);
    const high = scaled(v128.load_ext<u8>(y, 8), black, gain);
    const r = i8x16.narrow_i16x8_u(i16x8.add(low, doubleLow(dr)), i16x8.add(high, doubleHigh(dr)));
    const g = i8x16.narrow_i16x8_u(i16x8.add(low, doubleLow(dg)), i16x8.add(high, doubleHigh(dg)));
    const b = i8x16.narrow_i16x8_u(i16x8.add(low, doubleLow(db)), i16x8.add(high, doubleHigh(db)));

    // 19595 R + 38470 G + 7471 B + 32768, with 65536 G taken out so that G's weight fits 16 bits.
    const rgLow = i8x16.shuffle(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const rgHigh = i8x16.shuffle(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const bLow = i8x16.shuffle(b, twos, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const bHigh = i8x16.shuffle(b, twos, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const first = i16x8.narrow_i32x4_s(
      weighed(i16x8.extend_low_i8x16_u(rgLow), redGreen, i16x8.extend_low_i8x16_u(bLow), blueHalf),
      weighed(i16x8.extend_high_i8x16_u(rgLow), redGreen, i16x8.extend_high_i8x16_u(bLow), blueHalf),
    );
    const second = i16x8.narrow_i32x4_s(
      weighed(i16x8.extend_low_i8x16_u(rgHigh), redGreen, i16x8.extend_low_i8x16_u(bHigh), blueHalf),
      weighed(i16x8.extend_high_i8x16_u(rgHigh), redGreen, i16x8.extend_high_i8x16_u(bHigh), blueHalf),
    );
    v128.store(
      target,
      i8x16.narrow_i16x8_u(
        i16x8.add(first, i16x8.extend_low_i8x16_u(g)),
        i16x8.add(second, i16x8.extend_high_i8x16_u(g)),
      ),
    );
    y += 16;
    u += 8;
    v += 8;
    target += 16;
  }
}

/** A picture whose chroma is halved across, and down `shiftY` times. */
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
  const chromaWidth = <usize>((width + 1) >> 1);
  for (let row = 0; row < height; row++) {
    const chroma = <usize>(row >> shiftY) * chromaWidth;
    greyRow(
      y + <usize>row * <usize>width,
      u + chroma,
      v + chroma,
      target + <usize>row * <usize>width,
      width,
      i16x8.splat(<i16>black8),
      i16x8.splat(<i16>gain),
      i16x8.splat(<i16>redV),
      i16x8.splat(<i16>greenU),
      i16x8.splat(<i16>greenV),
      i16x8.splat(<i16>blueU),
    );
  }
}

// Editors read this as TypeScript, which knows no decorators on functions; AssemblyScript does, and `asc` checks the types.
// @ts-ignore: decorator
@inline
function scaledInput(samples: v128, zero: v128): v128 {
  return i16x8.sub(i16x8.shl(samples, 3), zero);
}

// @ts-ignore: decorator
@inline
function scaled(samples: v128, zero: v128, gain: v128): v128 {
  return mulHigh(scaledInput(samples, zero), gain);
}

/** The upper 16 bits of each signed product. */
// @ts-ignore: decorator
@inline
function mulHigh(a: v128, b: v128): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.extmul_low_i16x8_s(a, b), 16),
    i32x4.shr_s(i32x4.extmul_high_i16x8_s(a, b), 16),
  );
}

// @ts-ignore: decorator
@inline
function weighed(rg: v128, redGreen: v128, b: v128, blueHalf: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(rg, redGreen), i32x4.dot_i16x8_s(b, blueHalf)), 16);
}

// @ts-ignore: decorator
@inline
function doubleLow(lanes: v128): v128 {
  return i16x8.shuffle(lanes, lanes, 0, 0, 1, 1, 2, 2, 3, 3);
}

// @ts-ignore: decorator
@inline
function doubleHigh(lanes: v128): v128 {
  return i16x8.shuffle(lanes, lanes, 4, 4, 5, 5, 6, 6, 7, 7);
}
