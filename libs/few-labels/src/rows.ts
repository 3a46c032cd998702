/** A row-major matrix of finite numbers: [rows, width], a row a clip. */
export interface Rows {
  readonly data: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/** Embeddings of clips whose classes are known. */
export interface LabelledRows extends Rows {
  /** [rows, classes], 0 or 1, at least one 1 a row: where a clip shows several classes, each has its share of it. */
  readonly labels: Uint8Array;
  readonly classes: number;
}

/** The rows at these positions. */
export function rowsAt({ data, width }: Rows, at: readonly number[]): Rows {
  return { data: gathered(data, width, at), rows: at.length, width };
}

/** The labelled rows at these positions. */
export function labelledAt(rows: LabelledRows, at: readonly number[]): LabelledRows {
  const { labels, classes } = rows;
  return { ...rowsAt(rows, at), labels: gathered(labels, classes, at), classes };
}

/** [rows, classes]: what each class has of a clip, adding to 1 a row. */
export function sharesOf({ labels, rows, classes }: LabelledRows): Float64Array {
  const shares = Float64Array.from(labels);
  for (let row = 0; row < rows; row++) {
    const own = shares.subarray(row * classes, (row + 1) * classes);
    const total = own.reduce((sum, share) => sum + share, 0);
    if (total === 0) throw new RangeError(`few-labels: row ${row} must show at least one class`);
    own.forEach((share, c) => (own[c] = share / total));
  }
  return shares;
}

/** @throws RangeError where shapes do not fit each other, or a number is not finite */
export function checkRows({ data, rows, width }: Rows): void {
  if (rows < 1 || width < 1 || data.length !== rows * width) {
    throw new RangeError(`few-labels: ${rows} rows of ${width} numbers must have ${rows * width}, got ${data.length}`);
  }
  const odd = data.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) throw new RangeError(`few-labels: row ${Math.floor(odd / width)} holds ${data[odd]}`);
}

function gathered<Values extends Float32Array | Uint8Array>(
  data: Values,
  width: number,
  at: readonly number[],
): Values {
  const taken = data.slice(0, 0).constructor as new (length: number) => Values;
  const values = new taken(at.length * width);
  at.forEach((row, i) => values.set(data.subarray(row * width, (row + 1) * width), i * width));
  return values;
}
