import type { Profile } from '@primatrix/contracts';
import type { FeatureFamily } from './feature-family.ts';
import type { NetFamily, NetSettings } from './net-family.ts';

/**
 * The same net over another family's features: layers and settings are the net's, its name says what it reads, and crops are no longer
 * than a clip's tensor can be.
 */
export function netOver(net: NetFamily, feature: FeatureFamily): NetFamily {
  const settings = (profile: Profile): NetSettings => {
    const own = { ...net.settings[profile], feature: feature.name };
    // They are for the features of the net itself.
    delete own.featureSettings;
    const [length = 1, ...rest] = own.crop;
    const most = feature.mostRows?.(feature.settings[profile]) ?? length;
    return { ...own, crop: [Math.min(length, most), ...rest] };
  };
  return {
    ...net,
    name: `${net.name}-${feature.name}`,
    summary: `${net.name} over ${feature.name}`,
    profiles: [],
    settings: Object.defineProperties({} as Record<Profile, NetSettings>, {
      laptop: { enumerable: true, get: () => settings('laptop') },
      competition: { enumerable: true, get: () => settings('competition') },
    }),
  };
}
