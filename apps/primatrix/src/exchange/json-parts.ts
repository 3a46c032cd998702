/** How far `JSON.stringify(…, null, 2)` indents the items of a list in a document. */
const itemIndent = '    ';

/**
 * `JSON.stringify({ ...head, [list]: items.map(of) }, null, 2)` and a line break, in parts: with hundreds of thousands of
 * items the whole is longer than the longest string.
 */
export function* jsonParts<Item>(
  head: Readonly<Record<string, unknown>>,
  list: string,
  items: readonly Item[],
  of: (item: Item) => unknown,
): Generator<string> {
  const empty = `${JSON.stringify({ ...head, [list]: [] }, null, 2)}\n`;
  if (items.length === 0) {
    yield empty;
    return;
  }
  const end = ']\n}\n';
  yield empty.slice(0, -end.length);
  let separator = '\n';
  for (const item of items) {
    yield `${separator}${itemIndent}${JSON.stringify(of(item), null, 2).replaceAll('\n', `\n${itemIndent}`)}`;
    separator = ',\n';
  }
  yield `\n  ${end}`;
}
