import { PrimatrixError, type Tensor } from '@primatrix/contracts';
import { readTensorFile } from '@primatrix/tensor-store';

/** One clip to learn from or to judge. */
export interface Sample {
  /** For messages; the file's path if left out. */
  readonly id?: string;
  /** [frames, …features]: a safetensors file with this one tensor, or the tensor itself. float32, float16, uint8 or bool. */
  readonly tensor: string | Tensor;
  /** [classes], 0 or 1; not needed for prediction. */
  readonly labels?: Uint8Array;
}

/** A sample's tensor cannot be used. Code `NET_SAMPLE`. */
export class SampleError extends PrimatrixError {}

/** Elements that {@link SampleCache} hands out: float16 as raw bits. */
export type SampleTensor = Tensor<'float32' | 'float16' | 'uint8' | 'bool'>;

/** What messages call a sample. */
export function sampleName(sample: Sample): string {
  return sample.id ?? (typeof sample.tensor === 'string' ? sample.tensor : 'in memory');
}

/** Bytes of tensors that a training keeps in memory unless told otherwise: 1 GiB. */
export const usualCacheBytes = 2 ** 30;

/** Keeps the most recently used tensors in memory, up to a limit, in the type they were stored in. */
export class SampleCache {
  private readonly tensors = new Map<string, SampleTensor>();
  private readonly limit: number;
  private bytes = 0;

  /** @param limit bytes to keep at most */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** @throws SampleError where the tensor is of another type, or empty; TensorError where the file is bad */
  async get(sample: Sample): Promise<SampleTensor> {
    if (typeof sample.tensor !== 'string') return checked(sample.tensor, sample);
    const path = sample.tensor;
    const known = this.tensors.get(path);
    if (known !== undefined) {
      this.tensors.delete(path);
      this.tensors.set(path, known);
      return known;
    }
    const tensor = checked(await readTensorFile(path), sample);
    if (tensor.data.byteLength <= this.limit) {
      this.tensors.set(path, tensor);
      this.bytes += tensor.data.byteLength;
    }
    for (const [oldest, { data }] of this.tensors) {
      if (this.bytes <= this.limit) break;
      this.tensors.delete(oldest);
      this.bytes -= data.byteLength;
    }
    return tensor;
  }
}

function checked(tensor: Tensor, sample: Sample): SampleTensor {
  const { dtype, shape } = tensor;
  if (dtype !== 'float32' && dtype !== 'float16' && dtype !== 'uint8' && dtype !== 'bool') {
    throw new SampleError(
      'NET_SAMPLE',
      `nets: tensor of sample ${sampleName(sample)} must be float32, float16, uint8 or bool, got ${dtype}`,
    );
  }
  if (shape.length === 0 || tensor.data.length === 0) {
    throw new SampleError(
      'NET_SAMPLE',
      `nets: tensor of sample ${sampleName(sample)} must have at least one frame, got shape [${shape.join(', ')}]`,
    );
  }
  return tensor as SampleTensor;
}
