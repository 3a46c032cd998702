import { UsageError, type Profile } from '@primatrix/contracts';
import type { Family, JsonValue, NetSettings } from '@primatrix/families';
import { canonicalJson } from '@primatrix/files';

/**
 * Families of a training as its nets want them: where a net has settings for the features that it reads, these stand in for
 * the profile's. A bundle keeps them with the features, so prediction makes the same.
 * @throws UsageError `NET_FEATURES` where two nets want the same features in two ways
 */
export function withFeatureSettings(families: readonly Family[], profile: Profile): Family[] {
  const wanted = new Map<string, { readonly net: string; readonly settings: NetSettings['featureSettings'] }>();
  for (const net of families) {
    if (net.kind !== 'nets') continue;
    const { feature, featureSettings: settings } = net.settings[profile];
    const before = wanted.get(feature);
    if (before !== undefined && inWords(before.settings) !== inWords(settings)) {
      throw new UsageError(
        'NET_FEATURES',
        `train: ${before.net} and ${net.name} read '${feature}' features of different settings: ${inWords(before.settings)} and ${inWords(settings)}`,
        { hint: 'train one of them: name the nets with --only, which may be none, and --net' },
      );
    }
    wanted.set(feature, { net: net.name, settings });
  }
  return families.map((family): Family => {
    const settings = family.kind === 'features' ? wanted.get(family.name)?.settings : undefined;
    if (family.kind !== 'features' || settings === undefined) return family;
    const own = family.settings[profile] as Readonly<Record<string, JsonValue>>;
    return { ...family, settings: { ...family.settings, [profile]: { ...own, ...settings } } };
  });
}

function inWords(settings: NetSettings['featureSettings']): string {
  return settings === undefined ? "the profile's" : canonicalJson(settings);
}
