import type { Profile } from '@primatrix/contracts';
import type { NeighbourTableRequest } from '@primatrix/feature-table';
import type { FamilyIdentity } from './family.ts';

/** Whose neighbours count, and for which nets. JSON; part of the cache key. */
export interface NeighbourSettings {
  /** Names of nets; those that a training leaves out are left out here too. */
  readonly nets: readonly string[];
  /** How many clips before, and how many after. */
  readonly ks: readonly number[];
  /** `site`: by capture time within a site; `modified`: by the files' modification time, as if all were of one site. */
  readonly order: 'site' | 'modified';
  /** What `ks` are counted in: predicted clips, or, with `places`, all clips of the order, of which the predicted ones count. */
  readonly window?: 'places';
  /** Whether labelled clips may be neighbours too, with predictions of models that saw neither them nor the clip at hand. */
  readonly labelled: boolean;
}

/** The family that turns what the nets say of the clips before and after into columns for the second level. */
export interface NeighbourFamily extends FamilyIdentity {
  readonly kind: 'neighbours';
  readonly settings: Readonly<Record<Profile, NeighbourSettings>>;
  /** Writes the columns `<net>/k<k>/<class>`; see `writeNeighbourTable`. */
  write(request: NeighbourTableRequest): Promise<void>;
}
