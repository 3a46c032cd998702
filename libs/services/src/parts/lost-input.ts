import { TensorError } from '@primatrix/tensor-store';
import type { WorkResult } from './start-service.ts';

/** How often the same thing is made again because what was stored of it is gone or spoilt, until that counts as a failure. */
export const maxAgain = 3;

/** Whether an error says that a stored tensor must be made again: it was removed, or a power cut or a bad disk spoilt it. */
export function isLost(error: unknown): error is TensorError {
  return error instanceof TensorError && (error.code === 'TENSOR_MISSING' || error.code === 'TENSOR_CORRUPT');
}

/** Does work on stored tensors. Where one of them is lost, trying again does not help, but who asked can have it made again. */
export async function unlessLost(work: () => Promise<WorkResult>): Promise<WorkResult> {
  try {
    return await work();
  } catch (error) {
    if (!isLost(error)) throw error;
    return { failure: { code: error.code, message: error.message }, facts: { lost: true } };
  }
}
