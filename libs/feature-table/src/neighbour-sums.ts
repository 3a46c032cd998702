import { foldColumn } from './class-columns.ts';
import type { ClipOrder } from './clip-order.ts';
import { FeatureTableError } from './feature-table-error.ts';
import { type NetPredictions, readNetPredictions } from './prediction-table.ts';

/** A table of predictions (filename, perhaps fold, one column a class). */
export interface NeighbourSource {
  readonly path: string;
  /** Only the rows of this fold. */
  readonly fold?: number;
}

/** What the k before and after are counted in: predicted clips, or places of the order, whoever stands there. */
export type NeighbourWindow = 'predicted' | 'places';

/** One in fixed point: sums of whole numbers are exact, whatever their order. */
const one = 2 ** 40;
/** Sums are kept in two parts, of so many and of single ones: together they would pass 2^53 after 8,192 clips. */
const high = 2 ** 20;

/** What one net says of the clips that may be neighbours, in their order. */
export interface PredictedPlaces {
  /** [places + 1]: how many clips are predicted at places before this one. */
  readonly before: Int32Array;
  /** [predicted, classes], row-major. */
  readonly probabilities: Float32Array | Float64Array;
}

/**
 * Reads what a net says, from one table or several. A clip whose prediction is missing in any class is not predicted.
 * @throws FeatureTableError as readNetPredictions, and where a clip is predicted twice, or a fold is wanted of a table that has none
 */
export async function readPredictedPlaces(
  sources: readonly NeighbourSource[],
  classes: readonly string[],
  { filenames, placeOf, clipAt }: ClipOrder,
): Promise<PredictedPlaces> {
  const width = classes.length;
  const clipOf = new Map(filenames.map((filename, clip) => [filename, clip]));
  const seen = new Set<string>();
  const twins: string[] = [];
  const tables: NetPredictions[] = [];
  const [tableAt, rowAt] = [new Int8Array(clipAt.length).fill(-1), new Int32Array(clipAt.length)];
  for (const { path, fold } of sources) {
    const table = await readNetPredictions(path, classes);
    if (fold !== undefined && table.folds === undefined) throw withoutFolds(path);
    for (const [row, filename] of table.filenames.entries()) {
      if (fold !== undefined && table.folds?.[row] !== fold) continue;
      if (!isWhole(table.probabilities, row * width, width)) continue;
      if (seen.has(filename)) twins.push(filename);
      seen.add(filename);
      const place = placeOf[clipOf.get(filename) ?? -1] ?? -1;
      if (place < 0) continue;
      tableAt[place] = tables.length;
      rowAt[place] = row;
    }
    tables.push(table);
  }
  const [twin] = twins.sort();
  if (twin !== undefined) {
    throw new FeatureTableError(
      'TABLE_KEY',
      'a clip may be predicted once only',
      { table: sources.map(({ path }) => path).join(' and '), key: twin },
      'Run the stage that makes the table again.',
    );
  }
  return gathered(tables, tableAt, rowAt, width);
}

function isWhole(values: Float32Array | Float64Array, from: number, count: number): boolean {
  for (let i = from; i < from + count; i++) if (Number.isNaN(values[i])) return false;
  return true;
}

function withoutFolds(table: string): FeatureTableError {
  return new FeatureTableError(
    'TABLE_COLUMN',
    `there must be a column "${foldColumn}"`,
    { table, column: foldColumn },
    'Run the stage that makes the table again.',
  );
}

function gathered(
  tables: readonly NetPredictions[],
  tableAt: Int8Array,
  rowAt: Int32Array,
  width: number,
): PredictedPlaces {
  const before = new Int32Array(tableAt.length + 1);
  tableAt.forEach((table, place) => (before[place + 1] = (before[place] as number) + Number(table >= 0)));
  const length = (before.at(-1) as number) * width;
  const single = tables.every(({ probabilities }) => probabilities instanceof Float32Array);
  const probabilities = single ? new Float32Array(length) : new Float64Array(length);
  tableAt.forEach((table, place) => {
    if (table < 0) return;
    const { probabilities: from } = tables[table] as NetPredictions;
    const [source, target] = [(rowAt[place] as number) * width, (before[place] as number) * width];
    for (let c = 0; c < width; c++) probabilities[target + c] = from[source + c] as number;
  });
  return { before, probabilities };
}

/** Sums over the predicted clips in their order, from which the mean of any window follows. */
export class NeighbourSums {
  private readonly order: ClipOrder;
  private readonly before: Int32Array;
  private readonly width: number;
  /** [predicted + 1, classes]: sums over the predicted clips before the n-th. */
  private readonly highs: Float64Array;
  private readonly lows: Float64Array;

  constructor(order: ClipOrder, { before, probabilities }: PredictedPlaces, width: number) {
    this.order = order;
    this.before = before;
    this.width = width;
    this.highs = new Float64Array(probabilities.length + width);
    this.lows = new Float64Array(probabilities.length + width);
    for (let i = 0; i < probabilities.length; i++) {
      const value = Math.round((probabilities[i] as number) * one);
      const upper = Math.floor(value / high);
      this.highs[i + width] = (this.highs[i] as number) + upper;
      this.lows[i + width] = (this.lows[i] as number) + (value - upper * high);
    }
  }

  /**
   * The mean of what the net says of the k clips before a clip and the k after it, the clip itself left out.
   * @param means [classes, stride]: the means go to `means[offset + class * stride]`, NaN where there is no neighbour
   */
  putMeans(
    clip: number,
    k: number,
    window: NeighbourWindow,
    means: Float32Array,
    offset: number,
    stride: number,
  ): void {
    const { before, highs, lows, width } = this;
    const place = this.order.placeOf[clip] as number;
    // Here and below no array is made for a pair: this is done some 300 million times for a competition.
    const first = place < 0 ? 0 : this.firstAround(place, k, window) * width;
    const last = place < 0 ? 0 : this.lastAround(place, k, window) * width;
    const isOwn = place >= 0 && before[place + 1] !== before[place];
    const own = isOwn ? (before[place] as number) * width : 0;
    // Where the clip is none of them, what is taken off is a sum less itself.
    const afterOwn = isOwn ? own + width : own;
    const clips = (last - first) / width - Number(isOwn);
    for (let c = 0; c < width; c++) {
      const upper =
        (highs[last + c] as number) -
        (highs[first + c] as number) -
        ((highs[afterOwn + c] as number) - (highs[own + c] as number));
      const lower =
        (lows[last + c] as number) -
        (lows[first + c] as number) -
        ((lows[afterOwn + c] as number) - (lows[own + c] as number));
      means[offset + c * stride] = clips === 0 ? Number.NaN : (upper * high + lower) / clips / one;
    }
  }

  /** Number of the first predicted clip of the window. */
  private firstAround(place: number, k: number, window: NeighbourWindow): number {
    const { before } = this;
    const start = this.order.siteStart[place] as number;
    return window === 'places'
      ? (before[Math.max(start, place - k)] as number)
      : Math.max(before[start] as number, (before[place] as number) - k);
  }

  /** Number of the predicted clip after the last of the window. */
  private lastAround(place: number, k: number, window: NeighbourWindow): number {
    const { before } = this;
    const end = this.order.siteEnd[place] as number;
    return window === 'places'
      ? (before[Math.min(end, place + k + 1)] as number)
      : Math.min(before[end] as number, (before[place + 1] as number) + k);
  }
}
