import { chartFrame, linked, type ChartOptions } from './chart-frame.ts';
import { brand, line, soft } from './colours.ts';
import { html, type Html } from './html.ts';
import { shortened } from './shortened.ts';

/** What was going on over time at one place. */
export interface SpanRow {
  readonly label: string;
  /** Milliseconds since 1970, the end excluded, in order. */
  readonly spans: readonly { readonly from: number; readonly to: number }[];
  readonly href?: string | undefined;
}

const row = 28;
const names = 170;
const width = 760;
const foot = 34;
/** So many dates on the axis at most. */
const dates = 6;
const day = 86_400_000;

/**
 * Bars over time, a row a place: what lies between them is a gap.
 * @param options.date writes a day of the axis, given as `YYYY-MM-DD`; default: as it is
 */
export function spanChart(
  rows: readonly SpanRow[],
  { title, date = (day) => day }: ChartOptions & { readonly date?: (day: string) => string },
): Html {
  const all = rows.flatMap(({ spans }) => spans);
  const low = all.reduce((least, { from }) => Math.min(least, from), Infinity);
  const high = all.reduce((most, { to }) => Math.max(most, to), -Infinity);
  const x = (at: number) =>
    Math.round((names + ((at - low) / Math.max(1, high - low)) * (width - names - 8)) * 10) / 10;
  const bottom = rows.length * row;
  const days = datesBetween(low, high);
  return chartFrame(
    title,
    width,
    bottom + foot,
    html`${all.length === 0 ? [] : days.map((at, i) => html`<line x1="${x(at)}" x2="${x(at)}" y1="0" y2="${bottom + 4}" stroke="${line}"/><text x="${x(at)}" y="${bottom + 20}" text-anchor="${i === 0 ? 'start' : i === days.length - 1 ? 'end' : 'middle'}" fill="${soft}">${date(new Date(at).toISOString().slice(0, 10))}</text>`)}
${rows.map(({ label, spans, href }, i) =>
  linked(
    href,
    undefined,
    html`<rect x="0" y="${i * row}" width="${width}" height="${row}" fill="transparent"/><text x="${names - 8}" y="${i * row + 18}" text-anchor="end">${shortened(label, 24)}</text><line x1="${names}" x2="${width - 8}" y1="${i * row + 14}" y2="${i * row + 14}" stroke="${line}"/>${spans.map(({ from, to }) => html`<rect x="${x(from)}" y="${i * row + 6}" width="${Math.max(1.5, Math.round((x(to) - x(from)) * 10) / 10)}" height="16" fill="${brand}"/>`)}`,
  ),
)}`,
  );
}

/** Beginnings of days, the first and the last among them. */
function datesBetween(low: number, high: number): number[] {
  if (high <= low) return [];
  const all = Math.round((high - low) / day);
  const steps = Math.max(1, Math.min(dates - 1, all));
  return Array.from({ length: steps + 1 }, (_, i) => low + Math.round((i * all) / steps) * day);
}
