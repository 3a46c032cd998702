import { UsageError } from '@primatrix/contracts';

/** A net spec is not one, or its layers do not fit each other. Code `NET_SPEC`. */
export class SpecError extends UsageError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('NET_SPEC', message, {
      ...options,
      hint: 'see the layers that @primatrix/nets knows in layer-spec.ts; sizes are without the batch',
    });
  }
}
