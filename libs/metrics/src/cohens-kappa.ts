/**
 * Cohen's kappa of two people who put the same things into categories: how far they agree beyond chance. (Cohen, "A
 * coefficient of agreement for nominal scales", 1960.)
 * @param pairs of each thing, the category by either
 * @returns at most 1; 0: as chance would have it; null where chance alone would make them agree on all, or there is nothing
 */
export function cohensKappa(pairs: Iterable<readonly [string, string]>): number | null {
  const [first, second] = [new Map<string, number>(), new Map<string, number>()];
  let [count, same] = [0, 0];
  for (const [a, b] of pairs) {
    count += 1;
    same += Number(a === b);
    first.set(a, (first.get(a) ?? 0) + 1);
    second.set(b, (second.get(b) ?? 0) + 1);
  }
  let chance = 0;
  for (const [category, times] of first) chance += times * (second.get(category) ?? 0);
  chance /= count * count;
  return count === 0 || chance === 1 ? null : (same / count - chance) / (1 - chance);
}
