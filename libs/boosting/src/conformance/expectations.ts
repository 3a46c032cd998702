import assert from 'node:assert/strict';

/** Both are equal to so many decimals. */
export function close(actual: number | undefined, expected: number, decimals: number): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) < 0.5 * 10 ** -decimals,
    `must be ${expected} to ${decimals} decimals, got ${actual}`,
  );
}

/** The largest difference of two arrays is below `limit`. */
export function near(a: ArrayLike<number>, b: ArrayLike<number>, limit: number): void {
  assert.equal(a.length, b.length);
  const difference = Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] ?? Number.NaN))));
  assert.ok(difference < limit, `must differ by less than ${limit}, got ${difference}`);
}

/** The work rejects with an error of the class, in words that match. */
export async function refused(
  work: Promise<unknown>,
  kind: abstract new (...args: never[]) => Error,
  words: RegExp = /./,
): Promise<Error> {
  const error = await work.then(
    () => assert.fail('must be refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof kind, `must be a ${kind.name}, got ${String(error)}`);
  assert.match(error.message, words);
  return error;
}
