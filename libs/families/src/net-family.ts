import type { Profile } from '@primatrix/contracts';
import type { NetSpec, Padding, TrainSettings } from '@primatrix/nets';
import type { FamilyIdentity, JsonValue } from './family.ts';

/** Ways to fit a net in one go; see {@link NetSettings}. */
export const netFits = ['linear-probe'] as const;

/**
 * Settings of a first-level net; everything here is part of the cache key. Its layers learn by gradient steps as `train` says, or are
 * fitted in one go as `fit` says: `linear-probe` is the last layer as logistic regression over what the layers before it make, which
 * end in a BatchNormalization.
 */
export type NetSettings = NetReading &
  (
    | { readonly train: TrainSettings; readonly fit?: never }
    | { readonly fit: (typeof netFits)[number]; readonly train?: never }
  );

/** What a net reads, and how. */
interface NetReading {
  /** The feature family whose tensors the net reads. */
  readonly feature: string;
  /** Size of one crop along the leading axes of the tensor: [frames], or [frames, height, width]. */
  readonly crop: readonly number[];
  /** Crops at prediction along time (or along each axis), evenly spread, whose outputs are averaged. */
  readonly crops: number | readonly number[];
  /** What a clip shorter than a crop is filled up with: its last frame (default), or zeros. */
  readonly padding?: Padding;
  /** Settings of the feature family that are to differ from the profile's. */
  readonly featureSettings?: Readonly<Record<string, JsonValue>>;
}

/** A family that learns to tell classes from the feature tensors of one other family. */
export interface NetFamily extends FamilyIdentity {
  readonly kind: 'nets';
  /** Profiles whose training includes the net, unless `--only` names others. */
  readonly profiles: readonly Profile[];
  /** It is also trained over the vectors of each model that a training is given: see `netOver`. */
  readonly overModels?: boolean;
  readonly settings: Readonly<Record<Profile, NetSettings>>;
  /** The layers, for inputs of shape `input` (the crop and what it leaves whole) and `classes` sigmoid outputs. */
  build(of: { readonly input: readonly number[]; readonly classes: number; readonly profile: Profile }): NetSpec;
}
