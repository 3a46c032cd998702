/**
 * IEEE 754 binary16 ("half"), kept as raw bits in a Uint16Array because Node 20 has no Float16Array.
 * 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits; largest finite 65504, smallest subnormal 2^-24.
 */

// Conversion goes through bit patterns on both sides, so that NaN payloads survive.
const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** Rounds float32 bits to binary16 bits: to nearest, ties to even; too large becomes infinity. */
function halfOfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) {
    // NaN: keep the payload's upper part; if that is zero, set one bit or it would turn into infinity.
    return sign | 0x7c00 | ((magnitude & 0x7fffff) >>> 13 || 1);
  }
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and more, infinity
  if (magnitude >= 0x38800000) {
    // Normal: re-bias the exponent (127 - 15 = 112), then round; a carry runs into the exponent as it must,
    // and from 65520 on that makes infinity.
    const rebiased = magnitude - (112 << 23);
    return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
  }
  if (magnitude <= 0x33000000) return sign; // 2^-25 is half the smallest subnormal: the tie goes to even, zero
  // Subnormal: shift the fraction, with its hidden bit, to a multiple of 2^-24.
  const shift = 126 - (magnitude >>> 23); // 14 to 24
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}

/** float32 bits of binary16 bits; exact, every binary16 value is a float32 value. */
function bitsOfHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
  if (exponent !== 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
  if (fraction === 0) return sign >>> 0;
  const leading = Math.clz32(fraction) - 21; // places from bit 10 down to the first 1 bit, 1 to 10
  return (sign | ((113 - leading) << 23) | (((fraction << leading) & 0x3ff) << 13)) >>> 0;
}

/** Binary16 bits (0 to 65535) of a number, rounded first to float32 and then to nearest, ties to even. */
export function float16Bits(value: number): number {
  scratch[0] = value;
  return halfOfBits(scratchBits[0] as number);
}

/** The number that binary16 bits stand for. */
export function float16Value(bits: number): number {
  scratchBits[0] = bitsOfHalf(bits & 0xffff);
  return scratch[0] as number;
}

/** Rounds float32 values to binary16 bits: to nearest, ties to even, beyond 65504 (from 65520) to infinity. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) halves[i] = halfOfBits(bits[i] as number);
  return halves;
}

let table: Uint32Array | undefined;

/** Widens binary16 bits to float32, exactly. */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  // 256 KiB once, several times faster than the arithmetic on every element.
  table ??= Uint32Array.from({ length: 0x10000 }, (_, half) => bitsOfHalf(half));
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) bits[i] = table[halves[i] as number] as number;
  return values;
}
