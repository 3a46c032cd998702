import { chartFrame, linked, type ChartOptions } from './chart-frame.ts';
import { brand, ink, line } from './colours.ts';
import { html, type Html } from './html.ts';
import { shortened } from './shortened.ts';

/** One cell; cells of no count are left out. */
export interface Cell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
  readonly href?: string | undefined;
}

const cell = { width: 54, height: 28 };
const names = 170;
/** Characters of a column's name that are shown. */
const longest = 18;

/** Numbers by row and column, the larger the darker. */
export function cellChart(
  rows: readonly string[],
  columns: readonly string[],
  cells: readonly Cell[],
  { title }: ChartOptions,
): Html {
  const highest = cells.reduce((most, { value }) => Math.max(most, value), 1);
  // Names of columns stand aslant.
  const head = 24 + 5.5 * Math.min(longest, Math.max(0, ...columns.map((name) => [...name].length)));
  const x = (column: number) => names + column * cell.width;
  const y = (row: number) => head + row * cell.height;
  return chartFrame(
    title,
    x(columns.length) + 60,
    y(rows.length) + 4,
    html`${columns.map((name, i) => html`<text transform="translate(${x(i) + 22} ${head - 8}) rotate(-45)">${shortened(name, longest)}</text>`)}
${rows.map((name, i) => html`<text x="${names - 8}" y="${y(i) + 18}" text-anchor="end">${shortened(name, 24)}</text><line x1="${names}" x2="${x(columns.length)}" y1="${y(i)}" y2="${y(i)}" stroke="${line}"/>`)}
${cells.map(({ row, column, value, href }) =>
  linked(
    href,
    `${rows[row] ?? ''}, ${columns[column] ?? ''}: ${value}`,
    // Never so dark that the number could not be read.
    html`<rect x="${x(column) + 1}" y="${y(row) + 1}" width="${cell.width - 2}" height="${cell.height - 2}" fill="${brand}" fill-opacity="${Math.round((0.08 + 0.32 * Math.sqrt(value / highest)) * 100) / 100}"/><text x="${x(column) + cell.width / 2}" y="${y(row) + 18}" text-anchor="middle" fill="${ink}">${value}</text>`,
  ),
)}`,
  );
}
