import { html, nameText, type Html, PlotArea } from '@primatrix/charts';
import { dataTable } from './data-table.ts';
import { figure } from './figure.ts';
import { lossText, percentText } from './number-text.ts';
import type { ReliabilityCurve, ReportReliability } from './report-data.ts';

const percent = (value: number) => `${Math.round(100 * value)} %`;

/** What was predicted against what came true, before and after calibration; honest probabilities lie on the diagonal. */
export function reliabilityDiagram({ curves }: ReportReliability): Html {
  const axis = (label: string) => ({ label, low: 0, high: 1, text: percent });
  const plot = new PlotArea(axis('predicted probability'), axis('how often it came true'), { width: 360, height: 340 });
  const series = curves.map((one, i) => ({
    ...one,
    title: `${one.name}${one.applied ? ' (used)' : ''}`,
    style: `s${i}`,
  }));
  return figure({
    id: 'reliability-diagram',
    title: 'reliability diagram',
    description: series
      .map(
        ({ title, curve }) =>
          `${title}: predictions are off by ${percentText(curve.expectedCalibrationError)} on average.`,
      )
      .join(' '),
    width: plot.width,
    height: plot.height,
    marks: html`${plot.axes()}<path class="ideal" d="${plot.line([
      [0, 0],
      [1, 1],
    ])}"/>${series.map(({ style, curve }) => curveMarks(plot, style, curve))}`,
    caption: html`${series.map(({ title, style, curve, logLoss }) => html`<span class="key"><svg class="swatch" viewBox="0 0 26 12" aria-hidden="true"><g class="${style}"><path class="line" d="M0 6H26"/>${mark(style, 13, 6, 4.5)}</g></svg> ${title}: off by ${percentText(curve.expectedCalibrationError)} on average, log loss ${lossText(logLoss)}</span>`)}`,
    table: dataTable(
      [
        { head: 'predicted', cell: ({ bin }) => `${percent(bin.from)} to ${percent(bin.to)}` },
        { head: 'curve', cell: ({ title }) => title },
        { head: 'predictions', cell: ({ bin }) => `${bin.count}`, number: ({ bin }) => bin.count },
        {
          head: 'mean prediction',
          cell: ({ bin }) => shareOrDash(bin.meanPredicted),
          number: ({ bin }) => bin.meanPredicted,
        },
        { head: 'came true', cell: ({ bin }) => shareOrDash(bin.observed), number: ({ bin }) => bin.observed },
      ],
      series.flatMap(({ title, curve }) => curve.bins.map((bin) => ({ title, bin }))),
      { caption: 'Predictions of all classes together, by probability' },
    ),
  });
}

/** Classes that are promised too often or too seldom. */
export function reliabilityTable({ perClass }: ReportReliability): Html {
  return dataTable(
    [
      { head: 'class', cell: ({ name }) => nameText(name) },
      {
        head: 'predicted on average',
        cell: ({ meanPredicted }) => percentText(meanPredicted),
        number: ({ meanPredicted }) => meanPredicted,
        first: 'descending',
      },
      {
        head: 'share of clips',
        cell: ({ observed }) => percentText(observed),
        number: ({ observed }) => observed,
        first: 'descending',
      },
      {
        head: 'off by',
        cell: (row) => percentText(row.expectedCalibrationError),
        number: (row) => row.expectedCalibrationError,
        first: 'descending',
      },
    ],
    perClass,
    { caption: 'Calibration by class', sortable: true },
  );
}

function curveMarks(plot: PlotArea, style: string, { bins }: ReliabilityCurve): Html {
  const points = bins.flatMap(({ meanPredicted, observed, count }) =>
    meanPredicted === null || observed === null ? [] : [{ x: meanPredicted, y: observed, count }],
  );
  const most = Math.max(1, ...points.map(({ count }) => count));
  // By the logarithm of the count: the first bin holds nearly all predictions.
  const radius = (count: number) => Math.round((3 + (4 * Math.log1p(count)) / Math.log1p(most)) * 10) / 10;
  return html`<g class="${style}"><path class="line" d="${plot.line(points.map(({ x, y }) => [x, y]))}"/>${points.map(({ x, y, count }) => mark(style, plot.x(x), plot.y(y), radius(count)))}</g>`;
}

/** Circles, squares, triangles: told apart without colours. */
function mark(style: string, x: number, y: number, radius: number): Html {
  if (style === 's0') return html`<circle cx="${x}" cy="${y}" r="${radius}"/>`;
  if (style === 's1') {
    return html`<rect x="${(x - radius).toFixed(1)}" y="${(y - radius).toFixed(1)}" width="${2 * radius}" height="${2 * radius}"/>`;
  }
  return html`<path class="shape" d="M${x} ${(y - 1.2 * radius).toFixed(1)}l${(1.1 * radius).toFixed(1)} ${2 * radius}h${(-2.2 * radius).toFixed(1)}Z"/>`;
}

function shareOrDash(share: number | null): string {
  return share === null ? '–' : percentText(share);
}
