/** A clip that comes to a training. */
export interface NewClip {
  /** Its name among all: decides between equals, so that the order of coming does not. */
  readonly key: string;
  /** Its site, or a name that no other clip has. */
  readonly group: string;
}

/**
 * Deals new clips into the folds of a training, never a site into two: a site that the training knows keeps its fold;
 * the others go, the largest first, to the fold with the fewest new clips (of equals, with the fewest of all, then the first).
 * @param known fold of each site that has one, from 1
 * @param sizes [folds] clips that are in each fold already
 * @returns [clips] from 1
 */
export function foldsOfNewClips(
  clips: readonly NewClip[],
  { known, sizes }: { readonly known: ReadonlyMap<string, number>; readonly sizes: readonly number[] },
): Int32Array {
  const groups = new Map<string, { clips: number; firstKey: string }>();
  for (const { key, group } of clips) {
    const before = groups.get(group);
    groups.set(group, {
      clips: (before?.clips ?? 0) + 1,
      firstKey: before === undefined || key < before.firstKey ? key : before.firstKey,
    });
  }
  const foldOf = new Map<string, number>();
  const added = sizes.map(() => 0);
  const put = (group: string, fold: number) => {
    foldOf.set(group, fold);
    added[fold - 1] = (added[fold - 1] ?? 0) + (groups.get(group)?.clips ?? 0);
  };
  for (const group of groups.keys()) {
    const fold = known.get(group);
    if (fold !== undefined) put(group, fold);
  }
  const free = [...groups]
    .filter(([group]) => !foldOf.has(group))
    .sort(([, a], [, b]) => b.clips - a.clips || (a.firstKey < b.firstKey ? -1 : 1));
  for (const [group] of free) {
    let best = 1;
    for (let fold = 2; fold <= sizes.length; fold++) {
      const fewer =
        (added[fold - 1] ?? 0) - (added[best - 1] ?? 0) ||
        (sizes[fold - 1] ?? 0) + (added[fold - 1] ?? 0) - (sizes[best - 1] ?? 0) - (added[best - 1] ?? 0);
      if (fewer < 0) best = fold;
    }
    put(group, best);
  }
  return Int32Array.from(clips, ({ group }) => foldOf.get(group) ?? 1);
}
