import type { Bar } from './bar-chart.ts';
import { chartFrame, linked, type ChartOptions } from './chart-frame.ts';
import { brand, line, soft } from './colours.ts';
import { html, type Html } from './html.ts';
import { niceTicks } from './nice-ticks.ts';

const column = 26;
const left = 46;
const plot = 180;
const top = 10;

/** Columns side by side over an axis with round numbers, as of the hours of a day. */
export function columnChart(
  bars: readonly Bar[],
  { title, xLabel, yLabel }: ChartOptions & { readonly xLabel: string; readonly yLabel: string },
): Html {
  // What is counted is whole.
  const ticks = niceTicks(0, Math.max(4, ...bars.map(({ value }) => value)), 4);
  const high = ticks.at(-1)?.value ?? 1;
  const width = left + bars.length * column + 8;
  const bottom = top + plot;
  const y = (value: number) => Math.round((bottom - (value / high) * plot) * 10) / 10;
  return chartFrame(
    title,
    width,
    bottom + 44,
    html`${ticks.map(({ value, text }) => html`<line x1="${left}" x2="${width - 8}" y1="${y(value)}" y2="${y(value)}" stroke="${line}"/><text x="${left - 6}" y="${y(value) + 4}" text-anchor="end" fill="${soft}">${text}</text>`)}
${bars.map(({ label, value, text, href }, i) =>
  linked(
    href,
    `${label} ${text}`,
    html`<rect x="${left + i * column}" y="${top}" width="${column}" height="${plot}" fill="transparent"/><rect x="${left + i * column + 2}" y="${y(value)}" width="${column - 4}" height="${Math.round((bottom - y(value)) * 10) / 10}" fill="${brand}"/><text x="${left + (i + 0.5) * column}" y="${bottom + 16}" text-anchor="middle" fill="${soft}">${label}</text>`,
  ),
)}
<text x="${(left + width) / 2}" y="${bottom + 36}" text-anchor="middle">${xLabel}</text>
<text transform="translate(12 ${top + plot / 2}) rotate(-90)" text-anchor="middle">${yLabel}</text>`,
  );
}
