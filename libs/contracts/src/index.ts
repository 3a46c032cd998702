export { competitionClasses } from './classes.ts';
export {
  audioMetadataSchema,
  clipFaults,
  clipFaultSchema,
  clipMetadataSchema,
  clipOutcomeSchema,
  clipStatusSchema,
} from './clip.ts';
export type { AudioMetadata, ClipFault, ClipMetadata, ClipOutcome, ClipStatus } from './clip.ts';
export { PrimatrixError, UsageError } from './errors.ts';
export type { ErrorFields } from './errors.ts';
export { profiles } from './profile.ts';
export type { Profile } from './profile.ts';
export { dtypes, tensorRefSchema } from './tensor.ts';
export type { DType, DTypeArrays, Tensor, TensorRef } from './tensor.ts';
