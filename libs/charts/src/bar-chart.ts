import { chartFrame, linked, type ChartOptions } from './chart-frame.ts';
import { brand, line } from './colours.ts';
import { html, type Html } from './html.ts';
import { shortened } from './shortened.ts';

/** One bar. */
export interface Bar {
  readonly label: string;
  /** 0 or more. */
  readonly value: number;
  /** What stands behind it. */
  readonly text: string;
  readonly href?: string | undefined;
}

const row = 28;
const names = 170;
const width = 640;
const texts = 80;

/** Horizontal bars, in the order given. @param options.highest what the full length stands for; default: the highest value */
export function barChart(bars: readonly Bar[], { title, highest }: ChartOptions & { readonly highest?: number }): Html {
  const full = highest ?? Math.max(1e-9, ...bars.map(({ value }) => value));
  const longest = width - names - texts;
  return chartFrame(
    title,
    width,
    bars.length * row,
    html`${bars.map(({ label, value, text, href }, i) =>
      linked(
        href,
        undefined,
        html`<rect x="0" y="${i * row}" width="${width}" height="${row}" fill="transparent"/><text x="${names - 8}" y="${i * row + 18}" text-anchor="end">${shortened(label, 24)}</text><rect x="${names}" y="${i * row + 5}" width="${longest}" height="18" fill="${line}" opacity="0.4"/><rect x="${names}" y="${i * row + 5}" width="${Math.round((value / full) * longest)}" height="18" fill="${brand}"/><text x="${names + longest + 8}" y="${i * row + 18}">${text}</text>`,
      ),
    )}`,
  );
}
