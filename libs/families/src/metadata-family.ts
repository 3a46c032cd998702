import type { ClipMetadata, Profile } from '@primatrix/contracts';
import type { FamilyIdentity, JsonValue } from './family.ts';

/** What else than the file itself a clip's columns depend on. */
export interface MetadataContext {
  readonly profile: Profile;
  /** What `reference` made of the labelled clips. */
  readonly reference: JsonValue;
  /** From a table where one says it, else from the file; a time without zone counts as UTC. */
  readonly capturedAt: Date | undefined;
}

/** The family that turns what is known of a clip's file into columns for the second level. */
export interface MetadataFamily extends FamilyIdentity {
  readonly kind: 'ingest';
  /** What clips are compared with: made of the labelled clips, whatever their labels, and kept in the bundle. */
  reference(clips: readonly ClipMetadata[]): JsonValue;
  /** NaN is missing. The same columns for every clip of a profile. */
  columns(clip: ClipMetadata, context: MetadataContext): Readonly<Record<string, number>>;
}
