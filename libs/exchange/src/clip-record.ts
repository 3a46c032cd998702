import { basename, dirname, resolve } from 'node:path';
import type { ClipSightings } from '@primatrix/contracts';
import { describeJoin, joinTable, knownText, namesNone, type PredictionOutcome } from '@primatrix/dataset';
import { bestTime, byLocalClock, type CaptureTime } from './capture-time/capture-time.ts';
import { factsOfName } from './capture-time/name-patterns.ts';
import type { ClipReview } from './reviewed-clip.ts';
import type { ClipOriginRow, Coordinates } from './clip-origins.ts';
import { ExchangeError } from './exchange-error.ts';
import { mediaFacts, type MediaFacts } from './media-facts.ts';
import type { PackedFile } from './packed-media/packed-file.ts';

/** What was predicted of a clip. */
export interface PredictedClip {
  /** Relative, slashes forward. */
  readonly filename: string;
  readonly outcome: PredictionOutcome;
  /** [classes], 0 to 1; null where the clip failed. */
  readonly probabilities: readonly number[] | null;
  /** What a detector saw; absent where none looked. */
  readonly seen?: ClipSightings | undefined;
}

/** Where and when a clip was taken, and what its file is, as far as anybody said. */
export interface ClipSetting {
  /** Null where the file cannot be opened, or is not at hand. */
  readonly media: MediaFacts | null;
  readonly site: string | null;
  readonly coordinates: Coordinates | null;
  readonly time: CaptureTime | null;
}

/** A clip as the writers of formats want it. */
export interface ClipRecord extends PredictedClip, ClipSetting {
  /** What a person decided, which goes before what was predicted; absent where nobody did. */
  readonly review?: ClipReview | undefined;
  /** What a person wrote about the clip. */
  readonly note?: string | undefined;
  /** Of a package that holds the clips themselves: its file there. */
  readonly packed?: PackedFile | undefined;
}

/** Classes of a bundle, then those that only people named, in order. */
export function allClasses(records: readonly ClipRecord[], classes: readonly string[]): string[] {
  return [...new Set([...classes, ...records.flatMap(({ review }) => review?.species ?? []).sort()])];
}

/** Where facts of clips are looked for. */
export interface SettingSources {
  /** Path of a clip's file; undefined where there is none. */
  readonly pathOf: (filename: string) => string | undefined;
  readonly origins?: ReadonlyMap<string, ClipOriginRow> | undefined;
  /** See {@link factsOfName}. */
  readonly namePattern?: RegExp | undefined;
  /** Whether the cameras' clocks show local time, whatever zone containers claim; see {@link byLocalClock}. */
  readonly localClock?: boolean;
  /**
   * A clip that lies directly in the folder given is of a site too: of the folder's name. For predictions, not for
   * labels.
   */
  readonly rootIsSite?: boolean;
  readonly signal: AbortSignal;
  readonly onClip?: (done: number, of: number) => void;
  /** Is told what of clips and table does not belong together: sentences for people. */
  readonly say?: ((sentence: string) => void) | undefined;
}

/** Containers read at once: each is a child process that mostly waits for the disk. */
const readAtOnce = 4;

/**
 * Finds out where and when clips were taken. Sites: the table, the name pattern, the clip's folder (see `rootIsSite`).
 * Times: the table, the container, the file's name; the first that has a time of day, else the first that has a day. A
 * file's modification time is never used. The table may name a clip by its base name where only one has it.
 * @throws ExchangeError where a table is given that names none of the clips
 */
export async function findSettings(filenames: readonly string[], sources: SettingSources): Promise<ClipSetting[]> {
  const rows = rowsOf(filenames, sources.origins, { say: sources.say });
  const settings: ClipSetting[] = Array.from({ length: filenames.length });
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let i = next++; i < filenames.length; i = next++) {
      sources.signal.throwIfAborted();
      settings[i] = await findSetting(filenames[i] as string, rows[i], sources);
      sources.onClip?.(++done, filenames.length);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, work));
  return settings;
}

/**
 * What a table says of each clip. It may name a clip by its base name where only one has it.
 * @param options.of what the table is of, for people; `say` is told what of both does not belong together; a table that
 *   is not `whole` need not name every clip
 * @throws ExchangeError where it names none of the clips
 */
export function rowsOf<Row>(
  filenames: readonly string[],
  table: ReadonlyMap<string, Row> | undefined,
  {
    of = 'sites',
    whole = true,
    say,
  }: { readonly of?: string; readonly whole?: boolean; readonly say?: SettingSources['say'] } = {},
): readonly (Row | undefined)[] {
  if (table === undefined) return filenames.map(() => undefined);
  const join = joinTable(filenames, table);
  const fault = namesNone(join, `the table of ${of}`);
  if (fault !== undefined) throw new ExchangeError('EXCHANGE_REFERENCE', fault.rule, fault.hint);
  if (say !== undefined) {
    describeJoin(whole ? join : { ...join, without: [] }, `the table of ${of}`).forEach(say);
  }
  return join.rows;
}

async function findSetting(
  filename: string,
  row: ClipOriginRow | undefined,
  { pathOf, namePattern, rootIsSite = false, localClock = false, signal }: SettingSources,
): Promise<ClipSetting> {
  const path = pathOf(filename);
  const media = path === undefined ? null : await mediaFacts(path, signal);
  const named = factsOfName(filename, namePattern);
  // A folder called NA would be read as no site where it is written into a table.
  const folder = knownText(dirname(filename));
  const root = rootIsSite && path !== undefined ? knownText(basename(dirname(resolve(path)))) || null : null;
  const inside = media?.time == null || !localClock ? media?.time : byLocalClock(media.time);
  const times = [row?.time, inside, named.time].filter((time) => time != null);
  return {
    media,
    site: row?.site ?? named.site ?? (folder === '.' || folder === '' ? root : folder),
    coordinates: row?.coordinates ?? null,
    time: bestTime(times),
  };
}
