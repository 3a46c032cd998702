import type { Preparation } from './preparation.ts';

/** A value that JSON can hold: what settings are, so that they can be written down, compared and digested. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What every family says of itself. */
export interface FamilyIdentity {
  /** The folder, package and subject word, for example `net-vgg16-gru`. */
  readonly name: string;
  /** The package's semantic version. */
  readonly version: string;
  /** One sentence for `--help` and cards. */
  readonly summary: string;
  /** What must be ready on a machine before the family trains or predicts; absent: nothing but its packages. */
  readonly preparation?: Preparation;
}
