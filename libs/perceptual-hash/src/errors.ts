import { UsageError } from '@primatrix/contracts';

/** The pixels do not fit the size that was named. Code `IMAGE_HASH_FRAME_SIZE`. */
export class FrameSizeError extends UsageError {
  constructor(rule: string, got: string, hint: string) {
    super('IMAGE_HASH_FRAME_SIZE', `image-hash: ${rule}, got ${got}`, { fields: { got }, hint });
  }
}

/** Text or words that are no hash. Code `IMAGE_HASH_BAD_HASH`. */
export class BadHashError extends UsageError {
  constructor(rule: string, got: string, hint: string) {
    super('IMAGE_HASH_BAD_HASH', `image-hash: ${rule}, got ${got}`, { fields: { got }, hint });
  }
}
