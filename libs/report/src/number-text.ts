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

/** A name that is cut in its middle where it is longer than `most` characters, as SVG text does not wrap. */
export function shortened(name: string, most: number): string {
  const characters = [...name];
  if (characters.length <= most) return name;
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}
