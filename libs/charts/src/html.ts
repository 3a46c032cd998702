const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that is safe to put into a page as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template takes: words and numbers are escaped, {@link Html} is not, null is nothing, lists are joined. */
export type HtmlValue = string | number | null | Html | readonly Html[];

/** A template whose values are escaped, unless they are {@link Html} themselves; lists are joined. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, i) => (i < values.length ? part + markupOf(values[i] ?? '') : part)).join(''));
}

function markupOf(value: NonNullable<HtmlValue>): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map((item) => item.markup).join('\n');
  // Control characters are no HTML, however they are written; a lone half of a pair (Cs) is no text.
  return String(value)
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\p{Cs}/gu, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A name from outside, which may hold anything: its direction of writing must not spread. */
export function nameText(name: string): Html {
  return html`<bdi>${name}</bdi>`;
}
