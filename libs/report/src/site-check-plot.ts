import { html, type Html } from '@primatrix/charts';
import { dataTable } from './data-table.ts';
import { figure } from './figure.ts';
import { estimateText, lossText, percentText } from './number-text.ts';
import type { Estimate, ReportSiteCheck } from './report-data.ts';

const width = 360;
const [left, right] = [12, 348];

/** One quick model's scores on folds that keep sites together and on folds that do not, each with its standard error. */
export function siteCheckPlot({ grouped, random, difference }: ReportSiteCheck): Html {
  const rows = [
    {
      name: 'accuracy',
      text: percentText,
      random: random.accuracy,
      grouped: grouped.accuracy,
      difference: difference.accuracy,
    },
    {
      name: 'log loss (lower is better)',
      text: lossText,
      random: random.logLoss,
      grouped: grouped.logLoss,
      difference: difference.logLoss,
    },
  ];
  return figure({
    id: 'site-check-plot',
    title: 'scores on random folds and on folds by site',
    description: rows
      .map(
        (row) =>
          `${row.name}: ${row.text(row.random.value)} on random folds, ${row.text(row.grouped.value)} on folds by site.`,
      )
      .join(' '),
    width,
    height: 2 * 84,
    marks: html`${rows.map((row, i) => dumbbell(row.name, row.text, row.random, row.grouped, i * 84))}`,
    caption: html`<span class="key"><svg class="swatch square" viewBox="0 0 12 12" aria-hidden="true"><circle class="random" cx="6" cy="6" r="4.5"/></svg> random folds</span> <span class="key"><svg class="swatch square" viewBox="0 0 12 12" aria-hidden="true"><rect class="grouped" x="1.5" y="1.5" width="9" height="9"/></svg> folds by site</span> Lines: one standard error to each side.`,
    table: dataTable(
      [
        { head: 'score', cell: ({ name }) => name },
        { head: 'random folds', cell: (row) => estimateText(row.random, row.text), number: (row) => row.random.value },
        {
          head: 'folds by site',
          cell: (row) => estimateText(row.grouped, row.text),
          number: (row) => row.grouped.value,
        },
        {
          head: 'random minus by site',
          cell: (row) => estimateText(row.difference, row.text),
          number: (row) => row.difference.value,
        },
      ],
      rows,
      { caption: 'The quick model on both kinds of folds' },
    ),
  });
}

function dumbbell(
  name: string,
  text: (value: number) => string,
  random: Estimate,
  grouped: Estimate,
  top: number,
): Html {
  const ends = [random, grouped].flatMap(({ value, error }) => [value - (error ?? 0), value + (error ?? 0)]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (value: number) =>
    Math.round((left + ((value - low) / Math.max(1e-12, high - low)) * (right - left)) * 10) / 10;
  const error = (estimate: Estimate, y: number) =>
    estimate.error === null
      ? ''
      : html`<path class="error" d="M${x(estimate.value - estimate.error)} ${y}H${x(estimate.value + estimate.error)}"/>`;
  const [above, below] = [top + 30, top + 56];
  return html`<text class="label" x="0" y="${top + 12}">${name}</text>
${error(random, above)}<circle class="random" cx="${x(random.value)}" cy="${above}" r="5"/>${valueText(text(random.value), x(random.value), above)}
${error(grouped, below)}<rect class="grouped" x="${x(grouped.value) - 5}" y="${below - 5}" width="10" height="10"/>${valueText(text(grouped.value), x(grouped.value), below)}`;
}

/** Beside its mark, on the side where there is room. */
function valueText(text: string, x: number, y: number): Html {
  return x > width / 2
    ? html`<text x="${x - 10}" y="${y - 5}" text-anchor="end">${text}</text>`
    : html`<text x="${x + 10}" y="${y - 5}">${text}</text>`;
}
