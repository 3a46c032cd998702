import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float16Bits, float16ToFloat32, float16Value, float32ToFloat16 } from './float16.ts';

/** The value of every binary16 pattern by the definition of the format, not by bit tricks. */
function valueByDefinition(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Nearest pattern, ties to the even one, searched among all of them. 65536 stands in for infinity while rounding. */
function nearestByDefinition(value: number): number {
  const magnitude = Math.abs(value);
  let low = 0;
  let high = 0x7c00;
  const at = (bits: number) => (bits === 0x7c00 ? 65536 : valueByDefinition(bits));
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at(middle) <= magnitude) low = middle;
    else high = middle;
  }
  const below = magnitude - at(low);
  const above = at(high) - magnitude;
  const nearest = magnitude >= 65536 || above < below || (above === below && (high & 1) === 0) ? high : low;
  return nearest | (Object.is(Math.sign(value), -0) || value < 0 ? 0x8000 : 0);
}

const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

describe('float16', () => {
  it('widens every pattern to its value', () => {
    const values = float16ToFloat32(all);
    for (const bits of all) {
      if (!Object.is(values[bits], valueByDefinition(bits)) || !Object.is(float16Value(bits), values[bits])) {
        expect.fail(`0x${bits.toString(16)} gave ${values[bits]} and ${float16Value(bits)}`);
      }
    }
  });

  it('takes every pattern there and back, NaN payloads too', () => {
    expect(float32ToFloat16(float16ToFloat32(all))).toEqual(all);
  });

  it('rounds to nearest, ties to even, at each boundary between neighbours', () => {
    for (let bits = 0; bits < 0x7c00; bits++) {
      const middle = (valueByDefinition(bits) + (bits === 0x7bff ? 65536 : valueByDefinition(bits + 1))) / 2;
      const step = 2 ** (Math.floor(Math.log2(middle)) - 23);
      for (const value of [middle, middle - step, middle + step, -middle]) {
        if (float16Bits(value) !== nearestByDefinition(value)) {
          expect.fail(
            `${value} gave 0x${float16Bits(value).toString(16)}, not 0x${nearestByDefinition(value).toString(16)}`,
          );
        }
      }
    }
  });

  it('rounds any float32 to its nearest neighbour', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(float32ToFloat16(Float32Array.of(value))[0]).toBe(nearestByDefinition(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the landmarks', () => {
    expect([0, -0, 1, -2, 65504, 65519.99, 65520, Infinity, 2 ** -24, 2 ** -25, 2 ** -14].map(float16Bits)).toEqual([
      0, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x7bff, 0x7c00, 0x7c00, 1, 0, 0x400,
    ]);
    expect(float16Value(float16Bits(NaN))).toBeNaN();
  });
});
