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

/** Content that leads to an address, where there is one. */
export function linked(href: string | undefined, says: string, content: Html): Html {
  return href === undefined ? content : html`<a href="${href}" aria-label="${says}">${content}</a>`;
}

/** What a link is called that shows a name which may be cut: what is seen comes first, as people say it who see it. */
export function calledBy(name: string, shown: string, rest = ''): string {
  return [shown, ...(rest === '' ? [] : [rest]), ...(shown === name ? [] : [`(${name})`])].join(' ');
}
