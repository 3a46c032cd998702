import { html, nameText, shortened, type Html } from '@primatrix/charts';
import { dataTable } from './data-table.ts';
import { figure } from './figure.ts';
import { percentText } from './number-text.ts';
import type { ReportImportance } from './report-data.ts';

const width = 360;
const barHeight = 9;
const rowHeight = 30;
/** Characters of 11 px that fit beside the percentage. */
const mostCharacters = 46;

/** The columns that a stacker looked at most, coloured and named by the family that they are from. */
export function importanceBars(
  { member, sources, columns }: ReportImportance,
  colour: (source: string) => string,
  index: number,
): Html {
  const highest = Math.max(1e-12, ...columns.map(({ share }) => share));
  const bars = columns.map(({ source, column, share }, row) => {
    const y = row * rowHeight + 14;
    const name = shortened(`${source} / ${column}`, mostCharacters);
    return html`<text x="0" y="${y}">${name}</text><text x="${width}" y="${y}" text-anchor="end">${percentText(share)}</text><rect class="${colour(source)}" x="0" y="${y + 4}" width="${((share / highest) * width).toFixed(1)}" height="${barHeight}"/>`;
  });
  return figure({
    id: `importance-${index}`,
    title: `importance of columns for ${member}`,
    description: `By family: ${sources.map(({ source, share }) => `${source} ${percentText(share)}`).join(', ')}.`,
    width,
    height: Math.max(1, columns.length) * rowHeight,
    marks: html`${bars}`,
    caption: html`<b>${member}</b> ${sources.map(({ source, share }) => html`<span class="key"><svg class="swatch square" viewBox="0 0 10 10" aria-hidden="true"><rect class="${colour(source)}" width="10" height="10"/></svg> ${source} ${percentText(share)}</span>`)}`,
    table: dataTable(
      [
        { head: 'family', cell: ({ source }) => nameText(source) },
        { head: 'columns', cell: (row) => `${row.columns}`, number: (row) => row.columns },
        { head: 'share of importance', cell: ({ share }) => percentText(share), number: ({ share }) => share },
      ],
      sources,
      { caption: `Importance for ${member} by the family that columns are from` },
    ),
  });
}
