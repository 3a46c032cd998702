import { profiles, UsageError } from '@primatrix/contracts';
import type { Family } from '@primatrix/families';

/**
 * Families of a training in which the features that are named, and no others, take part for their columns alone.
 * @param names undefined: as the profile has it
 * @throws UsageError FAMILY_UNKNOWN
 */
export function withExtraColumns(families: readonly Family[], names: readonly string[] | undefined): Family[] {
  if (names === undefined) return [...families];
  const features = families.flatMap((family) => (family.kind === 'features' ? [family.name] : []));
  const unknown = names.find((name) => !features.includes(name));
  if (unknown !== undefined) {
    throw new UsageError('FAMILY_UNKNOWN', `--extra-columns: there are no features '${unknown}'`, {
      hint: `installed: ${features.sort().join(', ')}; or none`,
    });
  }
  return families.map((family) =>
    family.kind === 'features' ? { ...family, rowsAlone: names.includes(family.name) ? profiles : [] } : family,
  );
}
