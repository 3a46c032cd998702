import { html, nameText, type Html } from '@primatrix/charts';
import { dataTable } from './data-table.ts';

/**
 * Which classes are taken for which: rows are the truth. Each cell has its count, and the share of its row in percent;
 * the more of the row, the darker. The diagonal is framed.
 */
export function confusionTable(classes: readonly string[], counts: readonly (readonly number[])[]): Html {
  return html`<table class="confusion"><caption>Labelled clips by what they show (rows) and what the ensemble takes them for (columns)</caption>
<thead><tr><th scope="col">shows</th>${classes.map((name) => html`<th scope="col" class="turned"><span>${nameText(name)}</span></th>`)}<th scope="col" class="turned"><span>clips</span></th></tr></thead><tbody>
${classes.map((name, row) => {
  const cells = counts[row] ?? [];
  const total = cells.reduce((sum, n) => sum + n, 0);
  return html`<tr><th scope="row">${nameText(name)}</th>${cells.map((n, column) => cell(n, total, row === column))}<td class="total">${total}</td></tr>`;
})}
</tbody></table>`;
}

function cell(count: number, total: number, right: boolean): Html {
  const style = right ? 'right' : '';
  if (count === 0) return html`<td class="${style}"></td>`;
  const share = count / total;
  return html`<td class="${style}" style="--share:${share.toFixed(3)}">${count}<small>${share < 0.005 ? '<1' : Math.round(100 * share)} %</small></td>`;
}

/** Mix-ups that are listed. */
const mostListed = 8;

/** The commonest mix-ups in words; of equals those that are a larger share of their class. */
export function mixUpTable(classes: readonly string[], counts: readonly (readonly number[])[]): Html {
  const mixUps = counts.flatMap((cells, row) => {
    const total = cells.reduce((sum, n) => sum + n, 0);
    return cells.flatMap((n, column) =>
      n === 0 || row === column
        ? []
        : [{ shows: classes[row] ?? '', takenFor: classes[column] ?? '', clips: n, share: n / total }],
    );
  });
  mixUps.sort((a, b) => b.clips - a.clips || b.share - a.share);
  if (mixUps.length === 0) return html``;
  return dataTable(
    [
      { head: 'shows', cell: ({ shows }) => nameText(shows) },
      { head: 'taken for', cell: ({ takenFor }) => nameText(takenFor) },
      { head: 'clips', cell: ({ clips }) => `${clips}`, number: ({ clips }) => clips },
      { head: 'of its class', cell: ({ share }) => `${Math.round(100 * share)} %`, number: ({ share }) => share },
    ],
    mixUps.slice(0, mostListed),
    { caption: 'The commonest mix-ups' },
  );
}
