import type { Profile } from '@primatrix/contracts';
import { FamilyError } from './discover.ts';
import type { FeatureFamily } from './feature-family.ts';
import type { NetFamily } from './net-family.ts';

/**
 * Shape of a net's input: its crop, and what the crop leaves whole of a row of the features that it reads. A crop of
 * [112] over rows of [512] gives [112, 512]; one of [30, 64, 64] over rows of [64, 64, 3] gives [30, 64, 64, 3].
 * @throws FamilyError `FAMILY_READS` where none of `features` makes what the net reads
 */
export function netInputShape(net: NetFamily, features: readonly FeatureFamily[], profile: Profile): number[] {
  const { feature, crop } = net.settings[profile];
  const made = features.find((family) => family.name === feature);
  if (made === undefined) {
    throw new FamilyError(
      'FAMILY_READS',
      `families: ${net.name} reads '${feature}' features, but no installed family makes them`,
      { hint: 'install one, or leave the net out with --only' },
    );
  }
  return [...crop, ...made.rowShape(made.settings[profile]).slice(crop.length - 1)];
}
