/** The mean of draws and its standard error; of one draw that is 0. */
export function meanAndError(values: readonly number[]): { accuracy: number; standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { accuracy: mean, standardError: Math.sqrt(variance / values.length) };
}
