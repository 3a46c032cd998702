/** Of some runs, in milliseconds. */
export interface Times {
  readonly median: number;
  readonly lowest: number;
}

export function summary(times: readonly number[]): Times {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, lowest: sorted[0] ?? Number.NaN };
}
