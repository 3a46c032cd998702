const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number that a cell says in decimal digits. Not `Number(text)`: that takes "0x10" for 16, and an empty cell for 0.
 * @returns NaN where it says none
 */
export function decimalNumber(text: string): number {
  const trimmed = text.trim();
  return decimal.test(trimmed) ? Number(trimmed) : Number.NaN;
}
