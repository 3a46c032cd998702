/** "Captured At", "captured-at" and "capturedAt" are one column to people. */
const spelled = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, '');

/**
 * Where a column stands in a header: the one of this very name, else one that differs by case, spaces, `_` or `-` alone. A
 * column that a table may lack would else be passed over without a word where it is called "Site".
 * @returns -1 where there is none
 */
export function columnOf(header: readonly string[], name: string): number {
  const exact = header.indexOf(name);
  return exact >= 0 ? exact : header.findIndex((other) => spelled(other) === spelled(name));
}
