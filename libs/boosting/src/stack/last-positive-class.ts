/** The class number of each row of `labels`, [rows, classes] of 0 and 1: its last positive one, 0 where a row has none. */
export function lastPositiveClass(labels: Uint8Array, classes: number): Int32Array {
  return Int32Array.from({ length: labels.length / classes }, (_, row) =>
    Math.max(0, labels.subarray(row * classes, (row + 1) * classes).lastIndexOf(1)),
  );
}
