/** A cell of a CSV file in quotes. */
export function csvQuoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

/** One line of a CSV file with its line break; cells are quoted where they must be: readers trim what is not. */
export function csvLine(cells: readonly (string | number)[]): string {
  const written = cells.map((cell) =>
    typeof cell === 'string' && /[",;\t\r\n]|^\s|\s$/.test(cell) ? csvQuoted(cell) : String(cell),
  );
  return `${written.join(',')}\n`;
}
