/** Adds one fold's predictions to a mean over `folds` of them. */
export function addShare(mean: Float64Array, predicted: ArrayLike<number>, folds: number): void {
  for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (predicted[i] ?? Number.NaN) / folds;
}
