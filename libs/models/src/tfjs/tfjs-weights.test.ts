import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { tfjsWeights } from './tfjs-weights.ts';

describe('tfjsWeights', () => {
  it('unpacks as TensorFlow.js does', async () => {
    // Every float16 but infinities and what is no number, then bytes and words with a scale, then plain ones.
    const halves = Uint16Array.from({ length: 0x1_0000 }, (_, i) => i).filter((bits) => (bits & 0x7c00) !== 0x7c00);
    const weights = [
      {
        name: 'halves',
        shape: [halves.length],
        dtype: 'float32' as const,
        quantization: { dtype: 'float16' as const },
      },
      {
        ...{ name: 'bytes', shape: [2, 2], dtype: 'float32' as const },
        quantization: { dtype: 'uint8' as const, min: -1.5, scale: 0.01 },
      },
      {
        ...{ name: 'words', shape: [2], dtype: 'int32' as const },
        quantization: { dtype: 'uint16' as const, min: -3, scale: 0.4 },
      },
      { name: 'whole', shape: [], dtype: 'int32' as const },
      { name: 'yes', shape: [1], dtype: 'bool' as const },
    ];
    const bytes = Buffer.concat([
      new Uint8Array(halves.buffer, 0, halves.byteLength),
      Uint8Array.of(0, 1, 128, 255),
      new Uint8Array(Uint16Array.of(7, 65_535).buffer),
      new Uint8Array(Int32Array.of(-9).buffer),
      Uint8Array.of(1),
    ]);
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const theirs = tf.io.decodeWeights(data, weights as tf.io.WeightsManifestEntry[]);
    const ours = tfjsWeights([{ paths: [], weights }], [bytes]);
    for (const { name } of weights) {
      const { data: values, shape } = ours.get(name) as NonNullable<ReturnType<typeof ours.get>>;
      expect([...values]).toEqual([...((await theirs[name]?.data()) ?? [])]);
      expect(shape).toEqual(theirs[name]?.shape);
    }
  });

  it.each([3, 5])('refuses %i bytes for 4', (count) => {
    const weights = [{ name: 'x', shape: [1], dtype: 'float32' as const }];
    expect(() => tfjsWeights([{ paths: [], weights }], [new Uint8Array(count)])).toThrow(RangeError);
  });
});
