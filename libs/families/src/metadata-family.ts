import type { ClipMetadata } from '@primatrix/contracts';
import type { FamilyIdentity } from './family.ts';

/** The family that turns what is known of a clip's file into columns for the second level. */
export interface MetadataFamily extends FamilyIdentity {
  readonly kind: 'metadata';
  /** NaN is missing. The same columns for every clip. */
  columns(clip: ClipMetadata): Readonly<Record<string, number>>;
}
