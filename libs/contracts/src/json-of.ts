/**
 * What a text of JSON from elsewhere says; editors on Windows put a byte order mark in front, which RFC 8259 lets
 * readers pass over.
 * @throws SyntaxError where it is no JSON
 */
export function jsonOf(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}
