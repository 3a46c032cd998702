import { labelledAt, rowsAt, type LabelledRows, type Rows } from './rows.ts';

/** Predictions of clips by classifiers that saw none of their group. */
export interface LeftOut {
  /** [rows, classes]; NaN in a row that nothing could predict. */
  readonly probabilities: Float64Array;
  /** Positions of rows that were predicted by a classifier that knew all their classes from other groups. */
  readonly judged: readonly number[];
}

/**
 * Predicts each labelled row by a classifier that was fitted to those of all other groups: a site's clips by other sites', or each
 * clip by all others.
 * @param groups [rows] what must not be on both sides: site, track, recording; each row another one to leave one out
 * @param options.parts most fits: where there are more groups, they are dealt in turn. Default: a fit a group
 * @param options.predict fits to the first and predicts the second, [rows, classes]
 */
export async function leaveGroupsOut(
  known: LabelledRows,
  groups: readonly string[],
  {
    parts = Number.POSITIVE_INFINITY,
    predict,
  }: {
    readonly parts?: number;
    readonly predict: (train: LabelledRows, rows: Rows, part: number) => Promise<Float64Array>;
  },
): Promise<LeftOut> {
  const { rows, classes, labels } = known;
  if (groups.length !== rows) throw new RangeError(`few-labels: ${rows} rows must have as many groups`);
  const numberOf = new Map(
    [...new Set(groups)].sort().map((group, i, all) => [group, i % Math.min(parts, all.length)]),
  );
  const partOf = groups.map((group) => numberOf.get(group) as number);
  const probabilities = new Float64Array(rows * classes).fill(Number.NaN);
  const judged: number[] = [];
  for (const part of [...new Set(partOf)].sort((a, b) => a - b)) {
    const inside = [...partOf.keys()].filter((row) => partOf[row] === part);
    const outside = [...partOf.keys()].filter((row) => partOf[row] !== part);
    if (outside.length === 0) continue;
    const train = labelledAt(known, outside);
    const taught = new Set(Array.from(train.labels, (label, i) => (label === 1 ? i % classes : -1)));
    const predicted = await predict(train, rowsAt(known, inside), part);
    inside.forEach((row, i) => {
      probabilities.set(predicted.subarray(i * classes, (i + 1) * classes), row * classes);
      const own = labels.subarray(row * classes, (row + 1) * classes);
      if (own.every((label, c) => label === 0 || taught.has(c))) judged.push(row);
    });
  }
  return { probabilities, judged: judged.sort((a, b) => a - b) };
}
