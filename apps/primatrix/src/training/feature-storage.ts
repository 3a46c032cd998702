import type { Profile } from '@primatrix/contracts';
import type { Family, JsonValue } from '@primatrix/families';

/** How features are kept: float16 takes half the room, and ten bits of each number. */
export const storages = ['float32', 'float16'] as const;

/** Families whose features are kept so, where they have a setting for it; undefined: as the profile has it. */
export function withStorage(
  families: readonly Family[],
  profile: Profile,
  storage: (typeof storages)[number] | undefined,
): Family[] {
  return families.map((family): Family => {
    if (family.kind !== 'features' || storage === undefined) return family;
    const own = family.settings[profile] as Readonly<Record<string, JsonValue>> | null;
    if (own === null || typeof own !== 'object' || !Object.hasOwn(own, 'storage')) return family;
    return { ...family, settings: { ...family.settings, [profile]: { ...own, storage } } };
  });
}
