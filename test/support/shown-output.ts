/** Numbers with a fraction differ from machine to machine: models are computed in other orders. */
const tolerance = { absolute: 0.1, relative: 0.25 };

/** Lines of the progress bar, which come when they come. */
const progress = /^.*[█░]{24} +\d+ %.*\n?/gm;

/**
 * Compares what a page shows with what a command printed. In the page, `…` stands for anything within a line, a line of `…` alone
 * for any lines; what is before and after the lines shown does not count. Numbers with a decimal point may differ by 0.1 or a quarter.
 * @returns what is wrong, undefined where nothing is
 */
export function compareShown(shown: string, printed: string): string | undefined {
  const expected = shown.trimEnd().split('\n');
  const got = printed
    .replace(progress, '')
    .split('\n')
    .map((line) => line.trimEnd());
  for (let start = 0; start <= got.length; start++) {
    if (matchesFrom(expected, 0, got, start)) return undefined;
  }
  const missing = expected.find((line) => line.trim() !== '…' && !got.some((other) => sameLine(line, other)));
  return `${missing === undefined ? 'the lines are not together, in this order' : `no line is like: ${missing}`}\n--- printed:\n${got.join('\n')}`;
}

function matchesFrom(expected: readonly string[], i: number, got: readonly string[], j: number): boolean {
  if (i === expected.length) return true;
  const line = expected[i] as string;
  if (line.trim() === '…') {
    for (let next = j; next <= got.length; next++) if (matchesFrom(expected, i + 1, got, next)) return true;
    return false;
  }
  const other = got[j];
  return other !== undefined && sameLine(line, other) && matchesFrom(expected, i + 1, got, j + 1);
}

const decimal = /\d+\.\d+(?:[eE]-?\d+)?/g;

function sameLine(shown: string, printed: string): boolean {
  // Columns are as wide as their numbers.
  const squeezed = (line: string) => line.trimEnd().replace(/ {2,}/g, '  ');
  const pattern = squeezed(shown)
    .split(decimal)
    .map((text) => text.split('…').map(escaped).join('.*?'))
    .join('(\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?)');
  const found = new RegExp(`^${pattern}$`).exec(squeezed(printed));
  if (found === null) return false;
  const numbers = squeezed(shown).match(decimal) ?? [];
  return numbers.every((text, i) => isNear(Number(text), Number(found[i + 1])));
}

function isNear(shown: number, got: number): boolean {
  return Math.abs(shown - got) <= Math.max(tolerance.absolute, tolerance.relative * Math.abs(shown));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
