/** Clips by site, as numbers. */
export interface SiteGroups {
  /** [clips] group of each, from 0. */
  readonly groupOf: Uint32Array;
  readonly groups: number;
  /** Whether any clip has a site; without, each clip is a group. */
  readonly bySite: boolean;
}

/** Numbers clips by site in the order of their coming; a clip without a site is a group of its own. */
export function siteGroups(clips: readonly { readonly site?: string | undefined }[]): SiteGroups {
  const groupOfSite = new Map<string, number>();
  let groups = 0;
  const groupOf = Uint32Array.from(clips, ({ site }) => {
    const known = site === undefined ? undefined : groupOfSite.get(site);
    if (known !== undefined) return known;
    if (site !== undefined) groupOfSite.set(site, groups);
    return groups++;
  });
  return { groupOf, groups, bySite: groupOfSite.size > 0 };
}
