import { readFileSync } from 'node:fs';
import type { DType, Tensor } from '@primatrix/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementTypes } from './element-type.ts';
import { decodeSafetensors, encodeSafetensors, TensorError } from './index.ts';

const golden = new URL('../golden/every-dtype.safetensors', import.meta.url);

/** A file with this header and so many data bytes, well-formed or not. */
function fileOf(header: unknown, dataBytes = 0, lengthSaid?: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(lengthSaid ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (dtype: string, shape: unknown, data_offsets: unknown) => ({ dtype, shape, data_offsets });

const anyTensor: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.constantFrom(...(Object.keys(elementTypes) as DType[])),
    fc.array(fc.nat(4), { maxLength: 3 }),
    fc.infiniteStream(fc.nat(255)),
  )
  .map(([dtype, shape, stream]) => {
    const { bytes, view } = elementTypes[dtype];
    const length = shape.reduce((product, side) => product * side, 1);
    const raw = Uint8Array.from(
      { length: length * bytes },
      () => (stream.next().value as number) & (dtype === 'bool' ? 1 : 255),
    );
    return { dtype, shape, data: view(raw.buffer, 0, length) };
  });

const bitsOf = (tensor: Tensor) =>
  Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength).toString('hex');

describe('safetensors', () => {
  it('gives back any tensors bit by bit, from any position in memory', () => {
    const names = fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => name !== '__metadata__');
    fc.assert(
      fc.property(fc.dictionary(names, anyTensor, { noNullPrototype: true }), fc.nat(7), (tensors, shift) => {
        const bytes = encodeSafetensors(tensors, { note: 'a', __proto__x: 'b' });
        const moved = new Uint8Array(bytes.length + shift).subarray(shift);
        moved.set(bytes);
        const decoded = decodeSafetensors(moved);
        expect({ ...decoded.metadata }).toEqual({ note: 'a', __proto__x: 'b' });
        expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(tensors).sort());
        for (const [name, tensor] of Object.entries(tensors)) {
          const got = decoded.tensors[name] as Tensor;
          expect([got.dtype, got.shape, bitsOf(got)]).toEqual([tensor.dtype, tensor.shape, bitsOf(tensor)]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('writes the same bytes whatever the order, header and every tensor aligned', () => {
    const half: Tensor = { dtype: 'float16', shape: [3], data: Uint16Array.of(1, 2, 3) };
    const wide: Tensor = { dtype: 'float64', shape: [1], data: Float64Array.of(1) };
    const bytes = encodeSafetensors({ 2: half, a: wide }, { x: '1', a: '2' });
    expect(encodeSafetensors({ a: wide, 2: half }, { a: '2', x: '1' })).toEqual(bytes);
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
    const { tensors } = decodeSafetensors(bytes);
    expect(tensors['a']?.data.buffer).toBe(bytes.buffer);
    expect(tensors['2']?.data.buffer).toBe(bytes.buffer);
  });

  it('does not lose an unaligned tensor that lies in a pooled Buffer', () => {
    const file = fileOf({ a: entry('U8', [1], [0, 1]), b: entry('I32', [1], [1, 5]) }, 5);
    file.set([9, 1, 2, 0, 0], file.length - 5);
    expect(decodeSafetensors(Buffer.from(file)).tensors['b']?.data).toEqual(Int32Array.of(513));
  });

  it('reads a file made by another program, every dtype', () => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(golden));
    expect({ ...metadata }).toEqual({ format: 'np' });
    expect(
      Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, [...data].map(String)])),
    ).toEqual({
      float32: ['0.5', '-2', 'Infinity'],
      float16: ['14336', '49152', '31744'],
      float64: ['0.1', '-2', 'NaN'],
      uint8: ['0', '1', '255'],
      int8: ['-128', '0', '127'],
      uint16: ['0', '1', '65535'],
      int16: ['-32768', '0', '32767'],
      int32: ['-2147483648', '0', '2147483647'],
      int64: ['-9223372036854775808', '0', '9223372036854775807'],
      bool: ['1', '0', '1'],
    });
    expect(Object.values(tensors).every(({ shape }) => shape.length === 2 && shape[0] === 3 && shape[1] === 1)).toBe(
      true,
    );
  });

  const bad: [string, Uint8Array, string][] = [
    ['nothing at all', new Uint8Array(0), 'at least 8 bytes'],
    ['a header longer than the file', fileOf({}, 0, 3), 'must end within 2 bytes'],
    ['a header of 2^63 bytes', fileOf({}, 0, 2 ** 63), 'its length says 9223372036854775808'],
    [
      'a header that is not UTF-8',
      fileOf('{"\u00e9":1}').map((byte) => (byte === 0xc3 ? 0xff : byte)),
      'JSON in UTF-8',
    ],
    ['a header that is not JSON', fileOf('{a}'), 'JSON in UTF-8'],
    ['a header that is a list', fileOf([]), 'JSON object'],
    ['metadata that are not text', fileOf({ __metadata__: { a: 1 } }), 'map text to text'],
    ['an entry that is null', fileOf({ a: null }), "tensor 'a'"],
    ['an unknown member', fileOf({ a: { ...entry('U8', [0], [0, 0]), more: 1 } }), "tensor 'a'"],
    ['a negative side', fileOf({ a: entry('U8', [-1], [0, 0]) }), "tensor 'a'"],
    ['a broken side', fileOf({ a: entry('U8', [0.5], [0, 0]) }), "tensor 'a'"],
    ['a product beyond 2^53', fileOf({ a: entry('U8', [2 ** 30, 2 ** 30, 16], [0, 1]) }, 1), 'does not fill'],
    ['too many dimensions', fileOf({ a: entry('U8', Array(65).fill(1), [0, 1]) }, 1), "tensor 'a'"],
    ['a shape that does not fill its bytes', fileOf({ a: entry('F32', [2], [0, 4]) }, 4), 'does not fill its 4 bytes'],
    ['offsets beyond the end', fileOf({ a: entry('U8', [9], [0, 9]) }, 8), 'within 8 data bytes'],
    ['offsets the wrong way round', fileOf({ a: entry('U8', [1], [1, 0]) }, 1), 'in order'],
    [
      'an overlap',
      fileOf({ a: entry('U8', [2], [0, 2]), b: entry('U8', [2], [1, 3]) }, 3),
      'must begin at data byte 2',
    ],
    ['a gap', fileOf({ a: entry('U8', [1], [0, 1]), b: entry('U8', [1], [2, 3]) }, 3), 'must begin at data byte 1'],
    ['bytes after the last tensor', fileOf({ a: entry('U8', [1], [0, 1]) }, 2), 'fill all 2 data bytes'],
    [
      'a bool of 2',
      fileOf({ a: entry('BOOL', [1], [0, 1]) }, 1).map((byte, i, all) => (i === all.length - 1 ? 2 : byte)),
      '0 or 1',
    ],
  ];
  it.each(bad)('refuses %s', (_, bytes, words) => {
    const decode = () => decodeSafetensors(bytes, { clip: 'clip-7', file: 'x.safetensors' });
    expect(decode).toThrow(
      expect.objectContaining({ code: 'TENSOR_CORRUPT', fields: { clip: 'clip-7', file: 'x.safetensors' } }),
    );
    expect(decode).toThrow(words);
  });

  it('names a dtype that is not supported', () => {
    expect(() => decodeSafetensors(fileOf({ a: entry('BF16', [1], [0, 2]) }, 2))).toThrow(
      expect.objectContaining({ code: 'TENSOR_DTYPE' }),
    );
  });

  it('treats names such as __proto__ as names', () => {
    const file = fileOf(
      '{"__metadata__":{"__proto__":"m"},"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      1,
    );
    const { tensors, metadata } = decodeSafetensors(file);
    expect([Object.keys(tensors), Object.keys(metadata)]).toEqual([['__proto__'], ['__proto__']]);
  });

  it('answers damage of any kind with a TensorError only', () => {
    const whole = readFileSync(golden);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (changes, length) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          decodeSafetensors(bytes.subarray(0, length > whole.length / 2 ? whole.length : length));
        } catch (error) {
          expect(error).toBeInstanceOf(TensorError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
