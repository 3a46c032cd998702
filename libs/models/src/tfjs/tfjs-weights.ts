import type { Tensor } from '@primatrix/contracts';
import { float16Value } from '@primatrix/tensor-store';
import type { TfjsModel, TfjsWeight } from './tfjs-model.ts';

const bytesOf = { float32: 4, int32: 4, bool: 1, float16: 2, uint8: 1, uint16: 2 } as const;

/**
 * The tensors of a graph model, unpacked as TensorFlow.js does: float16 widened, bytes and words as lowest value + steps * scale in
 * float32 (rounded where the tensor is of whole numbers).
 * @param groups the bytes of each group of the manifest, its files one after the other
 * @throws RangeError where a group holds more or fewer bytes than its tensors
 */
export function tfjsWeights(
  manifest: TfjsModel['weightsManifest'],
  groups: readonly Uint8Array[],
): Map<string, Tensor<'float32' | 'int32' | 'bool'>> {
  const tensors = new Map<string, Tensor<'float32' | 'int32' | 'bool'>>();
  for (const [number, { weights }] of manifest.entries()) {
    const bytes = groups[number] as Uint8Array;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (const weight of weights) {
      const count = weight.shape.reduce((product, side) => product * side, 1);
      const size = count * bytesOf[weight.quantization?.dtype ?? weight.dtype];
      if (offset + size > bytes.length) throw new RangeError(`the weights end within '${weight.name}'`);
      tensors.set(weight.name, tensorOf(weight, count, view, offset));
      offset += size;
    }
    if (offset !== bytes.length) throw new RangeError(`the weights have ${bytes.length - offset} bytes too many`);
  }
  return tensors;
}

function tensorOf(
  weight: TfjsWeight,
  count: number,
  view: DataView,
  offset: number,
): Tensor<'float32' | 'int32' | 'bool'> {
  const { shape, dtype } = weight;
  const read = reader(weight, view);
  const value = (_: unknown, i: number) => read(offset, i);
  if (dtype === 'float32') return { dtype, shape, data: Float32Array.from({ length: count }, value) };
  if (dtype === 'int32') return { dtype, shape, data: Int32Array.from({ length: count }, value) };
  return { dtype, shape, data: Uint8Array.from({ length: count }, value) };
}

function reader({ dtype, quantization }: TfjsWeight, view: DataView): (offset: number, index: number) => number {
  switch (quantization?.dtype) {
    case undefined:
      if (dtype === 'float32') return (offset, i) => view.getFloat32(offset + 4 * i, true);
      if (dtype === 'int32') return (offset, i) => view.getInt32(offset + 4 * i, true);
      return (offset, i) => view.getUint8(offset + i);
    case 'float16':
      return (offset, i) => float16Value(view.getUint16(offset + 2 * i, true));
    case 'uint8':
    case 'uint16': {
      const { min, scale } = quantization;
      const steps =
        quantization.dtype === 'uint8'
          ? (offset: number, i: number) => view.getUint8(offset + i)
          : (offset: number, i: number) => view.getUint16(offset + 2 * i, true);
      return (offset, i) => {
        const value = steps(offset, i) * scale + min;
        return dtype === 'int32' ? Math.round(value) : value;
      };
    }
  }
}
