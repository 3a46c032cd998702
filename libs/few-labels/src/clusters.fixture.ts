import type { LabelledRows } from './rows.ts';

/** Clips around one centre a class, drawn by a small generator of its own: the same everywhere. */
export function clusters({
  classes,
  each,
  width,
  spread,
  seed = 1,
}: {
  readonly classes: number;
  readonly each: number;
  readonly width: number;
  readonly spread: number;
  readonly seed?: number;
}): LabelledRows {
  let state = seed;
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const centres = Array.from({ length: classes }, () => Array.from({ length: width }, draw));
  const rows = classes * each;
  const labels = new Uint8Array(rows * classes);
  const data = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const c = row % classes;
    labels[row * classes + c] = 1;
    for (let i = 0; i < width; i++) data[row * width + i] = (centres[c]?.[i] ?? 0) + spread * draw();
  }
  return { data, rows, width, labels, classes };
}

/** Share of rows whose highest probability is of a class they show. */
export function shareRight(probabilities: Float64Array, { labels, rows, classes }: LabelledRows): number {
  let right = 0;
  for (let row = 0; row < rows; row++) {
    const own = [...probabilities.subarray(row * classes, (row + 1) * classes)];
    right += labels[row * classes + own.indexOf(Math.max(...own))] ?? 0;
  }
  return right / rows;
}
