import { ink } from './colours.ts';
import { html, type Html } from './html.ts';

/** What every chart is given. */
export interface ChartOptions {
  /** What is shown, for those who do not see it. */
  readonly title: string;
}

/** An SVG of a size in pixels, which shrinks to where it stands. */
export function chartFrame(title: string, width: number, height: number, content: Html): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${title}" font-family="system-ui, sans-serif" font-size="13" fill="${ink}">
${content}
</svg>`;
}

/**
 * Content that leads to an address, where there is one.
 * @param says what it is called; undefined where what is written in it says so
 */
export function linked(href: string | undefined, says: string | undefined, content: Html): Html {
  if (href === undefined) return content;
  return says === undefined
    ? html`<a href="${href}">${content}</a>`
    : html`<a href="${href}" aria-label="${says}">${content}</a>`;
}
