import { PrimatrixError, type DType, type Tensor } from '@primatrix/contracts';
import * as ort from 'onnxruntime-node';

/** An opened model. */
export type Session = ort.InferenceSession;
/** A tensor as sessions take and give it. */
export type SessionTensor = ort.Tensor;

/**
 * Wraps a tensor for feeding, without copying: what the array holds at the time of `run` counts, so one
 * wrapped tensor can be fed again after its data have changed.
 */
export function feedTensor(tensor: Tensor): SessionTensor {
  return new ort.Tensor(tensor.dtype as ort.Tensor.Type, tensor.data as ort.Tensor.DataType, tensor.shape as number[]);
}

/**
 * The data of a model's float32 output.
 * @throws PrimatrixError `ONNX_OUTPUT` where the model has no such output, or one of another type
 */
export function floatOutput(outputs: Readonly<Record<string, SessionTensor>>, name: string): Float32Array {
  const output = outputs[name];
  if (output?.type !== ('float32' satisfies DType)) {
    throw new PrimatrixError(
      'ONNX_OUTPUT',
      `onnx: output '${name}' must be float32, got ${output?.type ?? 'none'}; outputs: ${Object.keys(outputs).join(', ')}`,
    );
  }
  return output.data as Float32Array;
}
