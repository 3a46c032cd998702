import { html, nameText, type Html } from '@primatrix/charts';
import { dataTable } from './data-table.ts';
import { percentText } from './number-text.ts';
import type { ReportMember } from './report-data.ts';

/** Average precision of every class (rows) by every model (columns): the higher, the darker; a row's best is bold. */
export function classTable(
  classes: readonly string[],
  positives: readonly number[],
  members: readonly ReportMember[],
): Html {
  const rows = classes.map((name, c) => ({
    name,
    clips: positives[c] ?? 0,
    precisions: members.map((member) => member.averagePrecision[c] ?? null),
  }));
  return dataTable(
    [
      { head: 'class', cell: ({ name }) => nameText(name) },
      { head: 'clips', cell: ({ clips }) => `${clips}`, number: ({ clips }) => clips, first: 'descending' },
      ...members.map(({ name }, m) => ({
        head: html`<span class="wrap">${name}</span>`,
        cell: ({ precisions }: (typeof rows)[number]) =>
          precisionCell(precisions[m] ?? null, Math.max(...precisions.map((precision) => precision ?? 0))),
        number: ({ precisions }: (typeof rows)[number]) => precisions[m] ?? null,
        shade: ({ precisions }: (typeof rows)[number]) => precisions[m] ?? null,
        first: 'descending' as const,
      })),
    ],
    rows,
    { caption: 'Average precision by class', sortable: true },
  );
}

function precisionCell(precision: number | null, best: number): Html {
  if (precision === null) return html`–`;
  return precision === best ? html`<b class="top">${percentText(precision)}</b>` : html`${percentText(precision)}`;
}
