/**
 * Eight colours told apart with every kind of colour blindness (Okabe and Ito, 2008), as classes `c0` to `c7` of the
 * page's style; after eight sources they come round again, so a source's name always stands beside its colour.
 */
export function sourceMarks(sources: readonly string[]): (source: string) => string {
  const order = [...new Set(sources)].sort();
  return (source) => `c${Math.max(0, order.indexOf(source)) % 8}`;
}
