import { html, type Html } from './html.ts';

/** Which classes are taken for which: rows are the truth, darker is more. Numbers stand in every cell. */
export function confusionTable(classes: readonly string[], counts: readonly (readonly number[])[]): Html {
  return html`<table class="confusion"><thead><tr><th>true \\ predicted</th>${classes.map((name) => html`<th class="turned"><span>${name}</span></th>`)}</tr></thead><tbody>
${classes.map((name, row) => {
    const total = Math.max(1, (counts[row] ?? []).reduce((sum, n) => sum + n, 0));
    return html`<tr><th>${name}</th>${(counts[row] ?? []).map((n) => html`<td style="--share:${(n / total).toFixed(3)}">${n === 0 ? '' : n}</td>`)}</tr>`;
  })}
</tbody></table>`;
}
