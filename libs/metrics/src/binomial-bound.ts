/**
 * Upper confidence bound of a share of which `found` of `of` were seen: the exact one of Clopper and Pearson (1934), one-sided.
 * The true share lies below it with at least the confidence given, also where nothing was found (then about 3 / `of` at 95 %).
 * @param confidence in (0, 1)
 * @returns 1 where all were found, or there was nothing to look at
 */
export function binomialUpperBound(found: number, of: number, confidence = 0.95): number {
  if (found >= of) return 1;
  let [low, high] = [found / of, 1];
  const logWays = logBinomial(of, found);
  // 60 halvings reach the resolution of a double.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (atMost(found, of, middle, logWays) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** Chance to find `found` or fewer among `of` when each is one with chance `p`. */
function atMost(found: number, of: number, p: number, logWays: number): number {
  let term = Math.exp(logWays + found * Math.log(p) + (of - found) * Math.log1p(-p));
  let sum = term;
  // Downwards from the largest term: beyond the bound sought, each is smaller than the one before.
  for (let k = found; k > 0 && term > sum * 1e-17; k--) {
    term *= (k / (of - k + 1)) * ((1 - p) / p);
    sum += term;
  }
  return sum;
}

function logBinomial(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
