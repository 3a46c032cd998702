/** One line of a CSV file, quoted where it must be. */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => (typeof cell === 'string' && /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : String(cell))).join(',')}\n`;
}
