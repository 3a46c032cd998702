/**
 * Round numbers for an axis, which covers `low` to `high`: steps of 1, 2 or 5 times a power of ten.
 * @param count about how many
 * @returns rising, with the text of each
 */
export function niceTicks(low: number, high: number, count = 5): { readonly value: number; readonly text: string }[] {
  const span = high > low ? high - low : Math.max(1e-9, Math.abs(high), 1e-3);
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    value: (first + i) * step,
    text: ((first + i) * step).toFixed(digits),
  }));
}
