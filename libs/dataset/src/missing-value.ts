/**
 * What stands in a cell of which nothing is known: what spreadsheets, R and pandas write for it, and dashes that people
 * type. In small letters; the sum of what `pandas.read_csv` takes for missing, Camtrap DP's own list, and dashes.
 */
const missing: ReadonlySet<string> = new Set([
  '',
  ...['na', 'n/a', '#na', '#n/a', '#n/a n/a', '<na>', 'nan', '-nan', '1.#ind', '-1.#ind', '1.#qnan', '-1.#qnan'],
  ...['null', 'none', 'nil'],
  ...['-', '--', '\u2013', '\u2014'],
]);

/** Whether a cell says that nothing is known: every reader of tables asks this, so that all of them read alike. */
export function isMissing(cell: string): boolean {
  return missing.has(cell.trim().toLowerCase());
}

/**
 * What a cell says that is looked up or compared: sites, classes, identifiers. In composed Unicode, as macOS writes "é"
 * as two characters and others as one, and without outer spaces, which quotes keep: "A " is no second site. Empty where
 * it says that nothing is known, or where there is no such cell.
 */
export function knownText(cell: string | undefined): string {
  return cell === undefined || isMissing(cell) ? '' : cell.trim().normalize('NFC');
}
