import type { Tensor } from '@primatrix/contracts';
import { descriptorNames, type SoundDescriptors } from './sound-descriptors.ts';

/** Descriptors as nets read them, [frames, descriptors]: silent frames, missing in the table, are zeros here. */
export function descriptorTensor({ frames, values }: SoundDescriptors): Tensor<'float32'> {
  return {
    dtype: 'float32',
    shape: [frames, descriptorNames.length],
    data: values.map((value) => (Number.isNaN(value) ? 0 : value)),
  };
}
