import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { clipOutcomeSchema, type ClipFault, type ClipOutcome } from '@primatrix/contracts';
import {
  canonicalJson,
  knownDigest,
  nameThatFits,
  readLine,
  readLines,
  writeTextAtomic,
  type LinePlace,
} from '@primatrix/files';
import { z } from 'zod';

const entrySchema = z.object({
  filename: z.string(),
  /** Digest of clip, family, version, settings and weights: what the tensor was made from. */
  key: z.string(),
  outcome: clipOutcomeSchema,
  /** Below the artifact folder; null where the clip failed. */
  file: z.string().nullable(),
  sha256: z.string().nullable(),
  bytes: z.int().nonnegative(),
  /** [frames, features]; null where the clip failed. */
  shape: z.array(z.int().nonnegative()).nullable(),
});

/** Features of one clip by one family: where they lie and how they came about. */
export type FeatureEntry = z.infer<typeof entrySchema>;

const headerSchema = z.object({
  feature: z.string(),
  version: z.string(),
  weights: z.object({
    source: z.enum(['none', 'random', 'imported']),
    digest: z.string().nullable(),
    note: z.string(),
    caution: z.string().exactOptional(),
  }),
  /** Names of the columns for the second level, sorted: the order of every row. */
  columns: z.array(z.string()),
});

const fileHeaderSchema = headerSchema.extend({ clips: z.int().nonnegative() });
const lineSchema = z.object({ entry: entrySchema });
const rowSchema = z.array(z.number().nullable());

/** The columns for the second level of a clip; null is missing. */
export type FeatureRow = Readonly<Record<string, number | null>>;

/** What a feature family made of a dataset: one entry a clip, failed ones included, sorted by name. The rows stay on the disk. */
export type FeatureIndex = z.infer<typeof headerSchema> & { readonly clips: readonly FeatureEntry[] };

/**
 * Where the index of a feature lies, below the artifact folder. JSON lines: one that tells of the feature and how many clips
 * there are, then one a clip: its entry, and the numbers of its row in the order of the columns.
 */
export function featureIndexPath(feature: string): string {
  return `features/${feature}/index.jsonl`;
}

/** Where the tensor of a clip lies, below the artifact folder. */
export function featureTensorPath(feature: string, filename: string): string {
  return nameThatFits(`features/${feature}/${filename}`, '.safetensors');
}

/** Writes an index; `rowAt` gives the row of the clip at a position, and is asked one by one. */
export async function writeFeatureIndex(
  artifacts: string,
  index: FeatureIndex,
  rowAt: (position: number) => Promise<FeatureRow>,
): Promise<void> {
  const { clips, columns } = index;
  const lines = async function* () {
    yield `${canonicalJson({ ...index, clips: clips.length })}\n`;
    for (const [i, entry] of clips.entries()) {
      const row = await rowAt(i);
      // The numbers go past canonicalJson, which calls a function for each: a list has no keys to sort.
      yield `{"entry":${canonicalJson(entry)},"row":${JSON.stringify(columns.map((name) => row[name] ?? null))}}\n`;
    }
  };
  await writeTextAtomic(join(artifacts, featureIndexPath(index.feature)), lines());
}

/** An index that was read, open for the rows, which are not in memory. */
export class FeatureIndexFile implements AsyncDisposable {
  readonly index: FeatureIndex;
  private readonly handle: FileHandle;
  private readonly places: readonly LinePlace[];

  private constructor(handle: FileHandle, index: FeatureIndex, places: readonly LinePlace[]) {
    this.handle = handle;
    this.index = index;
    this.places = places;
  }

  /** @throws where the index is not there or damaged */
  static async open(artifacts: string, feature: string): Promise<FeatureIndexFile> {
    const path = join(artifacts, featureIndexPath(feature));
    const handle = await open(path);
    try {
      let header: z.infer<typeof fileHeaderSchema> | undefined;
      const clips: FeatureEntry[] = [];
      const places: LinePlace[] = [];
      for await (const { text, place } of readLines(handle)) {
        const line: unknown = JSON.parse(text);
        if (header === undefined) header = fileHeaderSchema.parse(line);
        else {
          clips.push(lineSchema.parse(line).entry);
          places.push(place);
        }
      }
      if (header?.clips !== clips.length) {
        throw new RangeError(
          `training: an index must have a line for each of its ${header?.clips ?? 0} clips, got ${clips.length} (${path})`,
        );
      }
      return new FeatureIndexFile(handle, { ...header, clips }, places);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The numbers of the clip at a position in `index.clips`, in the order of `index.columns`. */
  async numbersAt(position: number): Promise<readonly (number | null)[]> {
    const { row } = JSON.parse(await readLine(this.handle, this.places[position] as LinePlace)) as { row: unknown };
    return rowSchema.length(this.index.columns.length).parse(row);
  }

  /** The same by the names of the columns. */
  async rowAt(position: number): Promise<FeatureRow> {
    const numbers = await this.numbersAt(position);
    return Object.fromEntries(this.index.columns.map((name, i) => [name, numbers[i] ?? null]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}

/**
 * Reads the index of a feature below the artifact folder: what was extracted of each clip, and where its tensor lies.
 * @throws where the index is not there or damaged
 */
export async function readFeatureIndex(artifacts: string, feature: string): Promise<FeatureIndex> {
  await using file = await FeatureIndexFile.open(artifacts, feature);
  return file.index;
}

/** What is known of a family's features as a whole: an index of many clips, let go of. */
export interface FeatureSource {
  readonly feature: string;
  readonly weights: FeatureIndex['weights'];
  /** Whether the family made anything of any clip: not of a dataset that has no pictures, or no sound, for it. */
  readonly made: boolean;
}

/**
 * Looks through the indexes of features, of which one at a time is in memory: of half a million clips each holds some 200 MB.
 * @param look is shown every entry, family by family
 * @throws as {@link readFeatureIndex}
 */
export async function featureSources(
  artifacts: string,
  features: readonly string[],
  look: (entry: FeatureEntry) => void = () => {},
): Promise<readonly FeatureSource[]> {
  const sources: FeatureSource[] = [];
  for (const name of features) {
    const { feature, weights, clips } = await readFeatureIndex(artifacts, name);
    clips.forEach(look);
    sources.push({ feature, weights, made: clips.some((clip) => clip.file !== null) });
  }
  return sources;
}

/** Faults of the machine or the moment, not of the clip. */
const passing: ReadonlySet<ClipFault | null> = new Set([
  'missing',
  'unreadable',
  'timed-out',
  'tool-failed',
  'incomplete',
  'internal',
]);

/** Whether a clip may well be read, or read wholly, where it is tried again. */
export function mayPass({ fault }: ClipOutcome): boolean {
  return passing.has(fault);
}

/** Whether the tensor that an entry speaks of still lies there as it was made. */
export async function entryIsThere(artifacts: string, entry: FeatureEntry): Promise<boolean> {
  if (entry.file === null) return true;
  const path = join(artifacts, entry.file);
  const info = await stat(path).catch(() => undefined);
  return (
    info?.isFile() === true &&
    info.size === entry.bytes &&
    (await knownDigest(path).catch(() => undefined)) === entry.sha256
  );
}
