import type { Profile } from '@primatrix/contracts';
import type { NetSpec, TrainSettings } from '@primatrix/nets';
import type { FamilyIdentity } from './family.ts';

/** Settings of a first-level net; everything here is part of the cache key. */
export interface NetSettings {
  /** The feature family whose tensors the net reads. */
  readonly feature: string;
  /** Frames of one crop. */
  readonly length: number;
  /** Crops along time at prediction, evenly spread, whose outputs are averaged. */
  readonly crops: number;
  readonly train: TrainSettings;
}

/** A family that learns to tell classes from the feature tensors of one other family. */
export interface NetFamily extends FamilyIdentity {
  readonly kind: 'net';
  readonly settings: Readonly<Record<Profile, NetSettings>>;
  /** The layers, for inputs [length, width] and `classes` sigmoid outputs. */
  build(input: { readonly length: number; readonly width: number; readonly classes: number; readonly profile: Profile }): NetSpec;
}
