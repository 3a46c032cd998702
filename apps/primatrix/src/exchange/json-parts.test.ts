import { describe, expect, it } from 'vitest';
import { jsonParts } from './json-parts.ts';

describe('jsonParts', () => {
  it.each([[[]], [[1]], [[1, 2]]])('come to the text that JSON.stringify makes of %j', (items) => {
    const head = { schema: 1, classes: ['a\nb', 'c\u2028d'], none: [] };
    const of = (item: number) => ({
      item,
      text: 'line\nbreak \u2028',
      list: [item, { deep: [item] }],
      empty: {},
      left: undefined,
    });
    expect([...jsonParts(head, 'rows', items, of)].join('')).toBe(
      `${JSON.stringify({ ...head, rows: items.map(of) }, null, 2)}\n`,
    );
  });
});
