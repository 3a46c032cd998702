import type { Estimate } from './report-data.ts';

/** A number with four decimals, as log losses are compared. */
export function lossText(value: number): string {
  return value.toFixed(4);
}

/** A share, 0 to 1, in percent with one decimal. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A difference of shares, -1 to 1, in percentage points with one decimal. */
export function pointsText(difference: number): string {
  return `${(100 * difference).toFixed(1)} points`;
}

/** A mean with its standard error: `0.2134 ± 0.0210`. */
export function estimateText({ value, error }: Estimate, text: (value: number) => string): string {
  return error === null ? text(value) : `${text(value)} ± ${text(error)}`;
}
