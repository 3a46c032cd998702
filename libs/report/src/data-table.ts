import { html, Html } from '@primatrix/charts';

/** A column of a table over rows of type `Row`. */
export interface TableColumn<Row> {
  readonly head: string | Html;
  readonly cell: (row: Row) => string | Html;
  /** Makes it a column of numbers, sorted by this; null sorts last. */
  readonly number?: (row: Row) => number | null;
  /** Darkens the cell: 0 not at all, 1 most. */
  readonly shade?: (row: Row) => number | null;
  /** Which way the first press of its head sorts. Default ascending. */
  readonly first?: 'descending';
}

/** How a table behaves. */
export interface TableOptions<Row> {
  /** For those who cannot see where it stands. */
  readonly caption: string;
  /** Heads can be pressed to sort, where scripts run. */
  readonly sortable?: boolean;
  readonly rowClass?: (row: Row) => string;
}

/** A table; the first column names its rows. */
export function dataTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  { caption, sortable = false, rowClass }: TableOptions<Row>,
): Html {
  return html`<table${new Html(sortable ? ' class="sortable"' : '')}><caption>${caption}</caption><thead><tr>${columns.map(headOf)}</tr></thead><tbody>
${rows.map((row) => html`<tr class="${rowClass?.(row) ?? ''}">${columns.map((column, i) => cellOf(column, row, i === 0))}</tr>`)}
</tbody></table>`;
}

function headOf<Row>({ head, number, first }: TableColumn<Row>): Html {
  return html`<th scope="col" class="${number === undefined ? '' : 'n'}" data-first="${first ?? 'ascending'}">${head}</th>`;
}

function cellOf<Row>({ cell, number, shade }: TableColumn<Row>, row: Row, heading: boolean): Html {
  if (heading) return html`<th scope="row">${cell(row)}</th>`;
  if (number === undefined) return html`<td>${cell(row)}</td>`;
  const dark = shade?.(row) ?? null;
  return html`<td class="n" data-value="${number(row)}"${dark === null ? '' : html` style="--share:${dark.toFixed(3)}"`}>${cell(row)}</td>`;
}
