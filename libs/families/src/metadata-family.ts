import type { ClipMetadata, Profile } from '@primatrix/contracts';
import type { FamilyIdentity, JsonValue } from './family.ts';

/**
 * When files were modified: `clip` is the clip itself, or what `--time-order` says of it instead; others are the ready
 * clips that a family is shown in its place, by the family's name. What is not known is left out.
 */
export type FileTimes = Readonly<Record<string, Date>>;

/** What else than the file itself a clip's columns depend on. */
export interface MetadataContext {
  readonly profile: Profile;
  /** What `reference` made of the labelled clips. */
  readonly reference: JsonValue;
  /** From a table where one says it, else from the file; a time without zone counts as UTC. */
  readonly capturedAt: Date | undefined;
  /** Of the training, or of the bundle that keeps them; default: the usual columns. */
  readonly settings?: MetadataSettings | undefined;
  /** Default: nothing is known. */
  readonly modified?: FileTimes | undefined;
}

/** Settings of the family that makes columns of a clip's file; everything here is part of the cache key. */
export interface MetadataSettings {
  /** Whether the size of the sound's stream is to be known (`audio.bytes`). */
  readonly soundBytes?: boolean;
  /** The columns that there are, in this order; default: the usual ones. */
  readonly columns?: readonly string[];
  /** Files of whose modification times there are columns; see {@link FileTimes}. */
  readonly modified?: readonly string[];
  /** What stands in the columns about the sound of a clip that has none; default: they are missing. */
  readonly silence?: 0;
}

/** The family that turns what is known of a clip's file into columns for the second level. */
export interface MetadataFamily extends FamilyIdentity {
  readonly kind: 'ingest';
  /** Of the profiles that go another way than usual. */
  readonly settings?: Readonly<Partial<Record<Profile, MetadataSettings>>>;
  /**
   * What clips are compared with: made of the labelled clips, whatever their labels, and kept in the bundle.
   * @param modified of all clips of the dataset, where the settings ask for it
   */
  reference(clips: readonly ClipMetadata[], modified?: readonly FileTimes[]): JsonValue;
  /** NaN is missing. The same columns for every clip of a profile. */
  columns(clip: ClipMetadata, context: MetadataContext): Readonly<Record<string, number>>;
}
