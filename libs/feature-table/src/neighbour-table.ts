import { withAtomicFile } from '@primatrix/files';
import { type ClipOrder, readClipOrder } from './clip-order.ts';
import { withDuckDb } from './duckdb-session.ts';
import { FeatureTableError } from './feature-table-error.ts';
import {
  NeighbourSums,
  type NeighbourSource,
  type NeighbourWindow,
  type PredictedPlaces,
  readPredictedPlaces,
} from './neighbour-sums.ts';
import { chunkRows, type RowStream, streamToParquet } from './parquet-stream.ts';

/** Clips that get their neighbours from the same predictions. */
export interface NeighbourPass {
  /** Values of the column `part`: which clips these are. */
  readonly parts: readonly string[];
  /** Where each net's predictions of the clips that may be neighbours lie; the same nets in every pass. */
  readonly nets: readonly { readonly name: string; readonly sources: readonly NeighbourSource[] }[];
}

/** What a table of neighbours is made of. */
export interface NeighbourTableRequest {
  /** Parquet: filename, part (text), site (text), moment (number: only the order counts). */
  readonly clips: string;
  readonly passes: readonly NeighbourPass[];
  readonly classes: readonly string[];
  /** How many clips before and how many after. */
  readonly ks: readonly number[];
  /**
   * What these are counted in. `predicted` (default): the k predicted clips before and after; `places`: those of the k
   * places before and after, among all clips of the site, that are predicted.
   */
  readonly window?: NeighbourWindow;
  /** Where the table goes. */
  readonly out: string;
}

/**
 * Writes `<net>/k<k>/<class>` for every clip of the passes: the mean of what the net says of the k predicted clips before
 * it and the k after it at the same site (or of those within k places, see `window`), itself left out; near the ends of a
 * site, of those there are. Clips follow each
 * other by moment, clips of one moment by filename (its UTF-8 bytes). A clip without a site or moment is nobody's
 * neighbour and has none: its columns are missing, as are those of a clip alone at its site.
 *
 * Rows come pass by pass, sorted by filename within each. Probabilities are added as whole multiples of 2^-40, so the
 * order of adding does not matter and equal input gives equal numbers; they are stored as float32.
 * @throws FeatureTableError where a table is not there or damaged, has other classes, or predicts a clip twice
 */
export async function writeNeighbourTable(request: NeighbourTableRequest): Promise<void> {
  const { out } = request;
  const order = await readClipOrder(request.clips);
  const passes: PreparedPass[] = [];
  for (const { parts, nets } of request.passes) {
    const predicted: PredictedPlaces[] = [];
    for (const { sources } of nets) predicted.push(await readPredictedPlaces(sources, request.classes, order));
    const clips = order.parts.flatMap((part, clip) => (part !== null && parts.includes(part) ? [clip] : []));
    passes.push({ clips, predicted });
  }
  try {
    await withAtomicFile(out, (temporary) =>
      withDuckDb((connection) => streamToParquet(connection, rowsOf(request, order, passes), temporary)),
    );
  } catch (cause) {
    throw new FeatureTableError(
      'TABLE_UNWRITABLE',
      `cannot be made (${cause instanceof Error ? cause.message : String(cause)})`,
      { table: out },
      'Check the folder, its permissions and the space on the disk.',
      { cause },
    );
  }
}

interface PreparedPass {
  /** Clips that get a row. */
  readonly clips: readonly number[];
  /** A net each. */
  readonly predicted: readonly PredictedPlaces[];
}

/** Sums are made when the first row of their pass is asked for: those of all passes would be many times what is predicted. */
function rowsOf(
  { passes: wanted, classes, ks, window = 'predicted' }: NeighbourTableRequest,
  order: ClipOrder,
  passes: readonly PreparedPass[],
): RowStream {
  const names = (wanted[0]?.nets ?? []).flatMap(({ name }) =>
    ks.flatMap((k) => classes.map((label) => `${name}/k${k}/${label}`)),
  );
  const block = new Float32Array(names.length * chunkRows);
  const columns = names.map((_, c) => block.subarray(c * chunkRows, (c + 1) * chunkRows));
  const rows = passes.flatMap(({ clips }, pass) => clips.map((clip) => [pass, clip] as const));
  let [current, sums]: [number, NeighbourSums[]] = [-1, []];
  return {
    keys: rows.map(([, clip]) => order.filenames[clip] ?? ''),
    columns: names.map((name) => ({ name, type: 'FLOAT' })),
    valuesOf: (start, count) => {
      for (let row = 0; row < count; row++) {
        const [pass, clip] = rows[start + row] as readonly [number, number];
        if (pass !== current) {
          const { predicted } = passes[pass] as PreparedPass;
          [current, sums] = [pass, predicted.map((net) => new NeighbourSums(order, net, classes.length))];
        }
        for (const [n, net] of sums.entries()) {
          for (const [i, k] of ks.entries()) {
            const first = (n * ks.length + i) * classes.length;
            net.putMeans(clip, k, window, block, first * chunkRows + row, chunkRows);
          }
        }
      }
      return columns;
    },
  };
}
