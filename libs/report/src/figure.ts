import { html, type Html } from '@primatrix/charts';

/** A picture with what it says in words, for those who cannot see it. */
export interface Figure {
  /** Unique on the page; letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences with the figures that matter. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly marks: Html;
  readonly caption: Html;
  /** The same numbers as a table. */
  readonly table: Html;
}

/** A figure: SVG with title and description, a caption, and its numbers as a table that can be opened. */
export function figure({ id, title, description, width, height, marks, caption, table }: Figure): Html {
  return html`<figure><figcaption>${caption}</figcaption>
<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc">
<title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>
${marks}</svg>
<details><summary>Numbers<span class="aside"> of ${title}</span></summary><div class="scroll">${table}</div></details></figure>`;
}
