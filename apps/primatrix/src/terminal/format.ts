/** `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Columns lined up with spaces; numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row, line) =>
      row
        .map((cell, column) =>
          line > 0 && typeof rows[line - 1]?.[column] === 'number'
            ? cell.padStart(widths[column] ?? 0)
            : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `1 clip`, `3 clips`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Names the first of the files that a search through folders left out. */
export function describeSkipped(skipped: readonly string[]): string {
  const some = `${skipped.slice(0, 5).join(', ')}${skipped.length > 5 ? ', ...' : ''}`;
  return onOneLine(`skipped ${count(skipped.length, 'file')}, hidden or no media by name: ${some}`);
}

/** A line for each folder that a search could not read: the others were searched. */
export function describeUnreadable(folders: readonly { readonly path: string; readonly reason: string }[]): string[] {
  return folders.map(({ path, reason }) => onOneLine(`unreadable  ${path}: ${reason}`));
}

/** Text from file names and tools as one line that cannot steer a terminal. */
export function onOneLine(text: string): string {
  return text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, (control) =>
    control === '\n' ? '\\n' : `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
