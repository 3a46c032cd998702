import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureExtractor, FeatureFamily } from '@primatrix/families';
import { digestOf, readLine, readLog, stampOf } from '@primatrix/files';
import { clipsAtOnce, forEachConcurrently, Journal } from '@primatrix/prediction';
import { z } from 'zod';
import { clipsFile, readIngested, type IngestedClip } from '../ingest/ingested-clips.ts';
import type { StageRun } from '../plan/stage.ts';
import type { Training } from '../plan/training.ts';
import { entryIsThere, mayPass, type FeatureRow } from './feature-index.ts';
import {
  clipKey,
  featureMaker,
  makeFeatures,
  openExtractors,
  type FeatureMaker,
  type MadeEntry,
} from './make-features.ts';

/** Most clips of a lot: minutes of work, and a few hundred bytes of their names. */
const mostClips = 32;
/** At least so many lots, as far as there are clips, so that several machines have work. */
const fewestLots = 64;

const lotSchema = z.object({
  /** Families that lack features of these clips. */
  families: z.array(z.string()).min(1),
  filenames: z.array(z.string()).min(1),
});

/** Some clips, and the families whose features they lack: work for one machine, which decodes each of them once. */
export type FeatureLot = z.infer<typeof lotSchema>;

/** @param lacking clips by the families that lack features of them */
export function lotsOf(
  lacking: readonly { readonly filename: string; readonly families: readonly string[] }[],
): FeatureLot[] {
  const groups = new Map<string, FeatureLot>();
  for (const { filename, families } of lacking) {
    const key = families.join(' ');
    const group = groups.get(key) ?? { families: [...families], filenames: [] };
    group.filenames.push(filename);
    groups.set(key, group);
  }
  const size = Math.min(mostClips, Math.max(1, Math.ceil(lacking.length / fewestLots)));
  return [...groups.values()].flatMap(({ families, filenames }) =>
    Array.from({ length: Math.ceil(filenames.length / size) }, (_, i) => ({
      families,
      filenames: filenames.slice(i * size, (i + 1) * size),
    })),
  );
}

function lotsFolder(artifacts: string, family: string): string {
  return join(artifacts, `features/${family}/.lots`);
}

/** What finished lots made of a family, and how the row is read again. */
export async function readLots(
  artifacts: string,
  family: string,
  onEntry: (made: MadeEntry, row: () => Promise<FeatureRow>) => void,
): Promise<void> {
  const folder = lotsFolder(artifacts, family);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((file) => file.endsWith('.jsonl'))) {
    const path = join(folder, name);
    await readLog(path, { parse: (line) => line as MadeEntry | { readonly journal: string } }, (line, place) => {
      if ('journal' in line) return;
      onEntry(line, async () => {
        await using handle = await open(path, 'r');
        return (JSON.parse(await readLine(handle, place)) as MadeEntry).row;
      });
    });
  }
}

/** Removes them: the index has what they had. */
export async function removeLots(artifacts: string, family: string): Promise<void> {
  await rm(lotsFolder(artifacts, family), { recursive: true, force: true });
}

/** Makes the features of lots; what makes features stays open between one and the next. */
export class FeatureLots implements AsyncDisposable {
  private readonly training: Training;
  private readonly families: readonly FeatureFamily[];
  private readonly opened = new Map<string, FeatureExtractor>();
  private ingested: { readonly stamp: string; readonly clips: ReadonlyMap<string, IngestedClip> } | undefined;

  constructor(training: Training, families: readonly FeatureFamily[]) {
    this.training = training;
    this.families = families;
  }

  /**
   * Makes the features of one lot; what an earlier try has made of it stays.
   * @param given a {@link FeatureLot}
   * @throws where it is none, or speaks of clips or families that the training has not
   */
  async make(given: unknown, run: StageRun): Promise<void> {
    const lot = lotSchema.parse(given);
    const { artifacts, dataset } = this.training;
    const known = await this.clips();
    const pathOf = new Map(dataset.clips.map(({ filename, path }) => [filename, path]));
    const clips = lot.filenames.map((filename) => {
      const [clip, path] = [known.get(filename), pathOf.get(filename)];
      if (clip === undefined || path === undefined) {
        throw new RangeError(`training: the dataset has no clip ${filename}`);
      }
      return { clip, path };
    });
    const families = lot.families.map((name) => {
      const family = this.families.find((candidate) => candidate.name === name);
      if (family === undefined) throw new RangeError(`training: the training has no features '${name}'`);
      return family;
    });
    await using shares = await openShares(
      this.training,
      families,
      lot,
      clips.map(({ clip }) => clip),
      run,
    );
    await this.open(families);
    let done = 0;
    await forEachConcurrently(clips, clipsAtOnce(), run.signal, async ({ clip, path }) => {
      const lacking = shares.list.filter(({ made }) => !made.has(clip.filename));
      await makeFeatures({ artifacts, clip, path }, lacking, this.opened, run.signal, async ({ journal }, made) => {
        await journal.add(made);
      });
      run.report(++done / clips.length, clip.filename);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const extractor of this.opened.values()) await extractor.dispose();
    this.opened.clear();
  }

  private async open(families: readonly FeatureFamily[]): Promise<void> {
    const closed = families.filter(({ name }) => !this.opened.has(name));
    for (const [name, extractor] of await openExtractors(this.training, closed)) this.opened.set(name, extractor);
  }

  /** The ingested clips by name; read again only where ingest has written them anew. */
  private async clips(): Promise<ReadonlyMap<string, IngestedClip>> {
    const { artifacts } = this.training;
    const stamp = await stampOf(join(artifacts, clipsFile));
    if (this.ingested?.stamp !== stamp) {
      const clips = await readIngested(artifacts);
      this.ingested = { stamp, clips: new Map(clips.map((clip) => [clip.filename, clip])) };
    }
    return this.ingested.clips;
  }
}

/** One family's part of a lot. */
interface LotShare extends FeatureMaker {
  readonly journal: Journal<MadeEntry>;
  /** Names of clips whose features are there. */
  readonly made: ReadonlySet<string>;
}

async function openShares(
  training: Training,
  families: readonly FeatureFamily[],
  lot: FeatureLot,
  clips: readonly IngestedClip[],
  run: StageRun,
): Promise<AsyncDisposable & { readonly list: readonly LotShare[] }> {
  const list: LotShare[] = [];
  const close = async () => {
    for (const { journal } of list) await journal[Symbol.asyncDispose]();
  };
  try {
    for (const family of families) {
      const maker = await featureMaker(training, family, lot.filenames);
      const found = new Map<string, MadeEntry>();
      const journal = await Journal.open<MadeEntry>(
        join(lotsFolder(training.artifacts, family.name), `${digestOf(lot).slice(0, 16)}.jsonl`),
        family.name,
        (entry) => void found.set(entry.filename, entry),
        { wait: { signal: run.signal, onWait: (holder) => run.report(0, `waiting for ${holder}`) } },
      );
      const made = new Set<string>();
      list.push({ ...maker, journal, made });
      for (const clip of clips) {
        const entry = found.get(clip.filename);
        if (entry === undefined || (clip.metadata !== null && mayPass(entry.outcome))) continue;
        if (entry.key === clipKey(clip, maker) && (await entryIsThere(training.artifacts, entry))) {
          made.add(clip.filename);
        }
      }
    }
    return { list, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
