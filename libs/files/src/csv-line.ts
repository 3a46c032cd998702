/**
 * Of a cell with one of these first, spreadsheets take the rest for a formula and run it; also with their wide forms.
 */
const formula = '[=+\\-@\\t\\r\\n＝＋－＠]';
const guarded = new RegExp(`^'*${formula}`);
const restorable = new RegExp(`^'+${formula}`);
/** What looks like a formula and is none. */
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Text as it may stand in a CSV file that people open in spreadsheets: an apostrophe goes before what would be taken
 * for a formula, as names of clips, sites and species come from strangers. Numbers stay as they are. {@link
 * restoredCell} undoes it. U+FFFD stands for a NUL, which our readers take for damage.
 */
export function guardedCell(text: string): string {
  const whole = text.replaceAll('\0', '\uFFFD');
  return guarded.test(whole) && !number.test(whole) ? `'${whole}` : whole;
}

/** Text of a cell as it was before {@link guardedCell}. */
export function restoredCell(text: string): string {
  return restorable.test(text) ? text.slice(1) : text;
}

/** A cell of a CSV file in quotes. */
export function csvQuoted(cell: string): string {
  return `"${guardedCell(cell).replaceAll('"', '""')}"`;
}

/**
 * One line of a CSV file with its line break. Cells are quoted where they must be, as readers trim what is not, and guarded:
 * see {@link guardedCell}.
 */
export function csvLine(cells: readonly (string | number)[]): string {
  const written = cells.map((cell) =>
    typeof cell === 'string' && /[",;\t\r\n]|^\s|\s$/.test(cell)
      ? csvQuoted(cell)
      : typeof cell === 'string'
        ? guardedCell(cell)
        : String(cell),
  );
  return `${written.join(',')}\n`;
}
