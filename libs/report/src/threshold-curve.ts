import { html, nameText, type Html, PlotArea } from '@primatrix/charts';
import { dataTable } from './data-table.ts';
import { figure } from './figure.ts';
import { estimateText, percentText } from './number-text.ts';
import type { ReportThresholds } from './report-data.ts';

const percent = (value: number) => `${Math.round(1000 * value) / 10} %`;
/** Points the line has at most, and rows of its table. */
const mostPoints = 200;
const mostRows = 20;

/** Share of clips that nobody need look at, against the share of animals' clips that are lost with them. */
export function thresholdCurve(thresholds: ReportThresholds): Html {
  const { curve, targets, blank } = thresholds;
  const shown = shownLoss(thresholds);
  const near = curve.filter(({ lost }) => lost <= shown);
  const plot = new PlotArea(
    { label: 'animals lost', low: 0, high: shown, text: percent },
    { label: 'clips skipped', low: 0, high: Math.max(0.05, near.at(-1)?.skipped ?? 0), text: percent },
    { width: 360, height: 280 },
  );
  return figure({
    id: 'threshold-curve',
    title: 'clips skipped against animals lost',
    description: targets
      .map(
        ({ maxLost, kind, skipped }) =>
          `Losing at most ${percentText(maxLost)} of animals (${kind}), ${percentText(skipped.value)} of clips can be skipped.`,
      )
      .join(' '),
    width: plot.width,
    height: plot.height,
    marks: html`${plot.axes()}<g class="s0"><path d="${plot.line(thinned(near, mostPoints).map(({ lost, skipped }) => [lost, skipped]))}"/></g>
${numberedPlaces(targets).map(({ lost, skipped, numbers }) => numberedMark(plot.x(lost), plot.y(skipped), numbers, plot.x(0)))}`,
    caption: html`Skipping clips whose probability of ${nameText(blank)} is at or above a threshold. Numbered: the rows of the table.`,
    table: dataTable(
      [
        { head: 'threshold', cell: ({ threshold }) => threshold.toFixed(4), number: ({ threshold }) => threshold },
        { head: 'clips skipped', cell: ({ skipped }) => percentText(skipped), number: ({ skipped }) => skipped },
        { head: 'animals lost', cell: ({ lost }) => percentText(lost), number: ({ lost }) => lost },
      ],
      thinned(near, mostRows),
      { caption: 'Points of the curve' },
    ),
  });
}

/** Thresholds for losses that somebody might accept, numbered as in the curve. */
export function thresholdTable({ targets }: ReportThresholds): Html {
  return dataTable(
    [
      { head: 'no.', cell: ({ number }) => `${number}` },
      { head: 'lose at most', cell: ({ maxLost }) => percentText(maxLost), number: ({ maxLost }) => maxLost },
      { head: 'how', cell: ({ kind }) => kind },
      {
        head: 'threshold',
        cell: ({ threshold }) => threshold?.toFixed(4) ?? 'none',
        number: ({ threshold }) => threshold,
      },
      {
        head: 'clips skipped',
        cell: ({ skipped }) => estimateText(skipped, percentText),
        number: ({ skipped }) => skipped.value,
      },
      { head: 'animals lost', cell: ({ lost }) => percentText(lost.value), number: ({ lost }) => lost.value },
      {
        head: 'at most',
        cell: ({ lostUpperBound }) => percentText(lostUpperBound),
        number: ({ lostUpperBound }) => lostUpperBound,
      },
    ],
    targets.map((target, i) => ({ ...target, number: i + 1 })),
    { caption: 'Thresholds by target' },
  );
}

/** Where the targets lie on the curve: several may lie in one place, and those without a threshold in none. */
function numberedPlaces(targets: ReportThresholds['targets']): { lost: number; skipped: number; numbers: string }[] {
  const places = new Map<number, { lost: number; skipped: number; numbers: string }>();
  targets.forEach(({ threshold, lost, skipped }, i) => {
    if (threshold === null) return;
    const known = places.get(threshold);
    places.set(threshold, {
      lost: lost.value,
      skipped: skipped.value,
      numbers: known === undefined ? `${i + 1}` : `${known.numbers}, ${i + 1}`,
    });
  });
  return [...places.values()];
}

/** Not over the ticks of the axis at `left`. */
function numberedMark(at: number, y: number, numbers: string, left: number): Html {
  const half = 4 + 2.6 * numbers.length;
  const x = Math.max(at, left + half);
  return html`<rect class="kept" x="${(x - half).toFixed(1)}" y="${(y - 7).toFixed(1)}" width="${(2 * half).toFixed(1)}" height="14" rx="7"/><text class="mark" x="${x.toFixed(1)}" y="${(y + 3).toFixed(1)}" text-anchor="middle">${numbers}</text>`;
}

/** Twice the largest loss that is asked about: beyond, nobody would want to go. */
function shownLoss({ targets }: ReportThresholds): number {
  return Math.min(1, 2 * Math.max(0.01, ...targets.flatMap(({ maxLost, lost }) => [maxLost, lost.value])));
}

function thinned<T>(points: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(points.length / most);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
