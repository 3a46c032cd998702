import { join } from 'node:path';
import type { FeatureExtractor, FeatureFamily } from '@primatrix/families';
import { clipsAtOnce, forEachConcurrently, Journal } from '@primatrix/prediction';
import { readIngested, type IngestedClip } from '../ingest/ingested-clips.ts';
import type { StageRun } from '../plan/stage.ts';
import type { Training } from '../plan/training.ts';
import {
  entryIsThere,
  FeatureIndexFile,
  mayPass,
  writeFeatureIndex,
  type FeatureEntry,
  type FeatureIndex,
  type FeatureRow,
} from './feature-index.ts';
import { FeatureLots, lotsOf, readLots, removeLots, type FeatureLot } from './feature-lots.ts';
import {
  clipKey,
  featureMaker,
  makeFeatures,
  openExtractors,
  type FeatureMaker,
  type MadeEntry,
} from './make-features.ts';

/** An entry in memory; its row is read when it is asked for. */
interface KeptEntry {
  readonly entry: FeatureEntry;
  readonly row: () => Promise<FeatureRow>;
}

/** One family's share of an extraction. */
interface Share extends FeatureMaker {
  /** The index of an earlier run. */
  readonly before: FeatureIndexFile | undefined;
  readonly journal: Journal<MadeEntry>;
  readonly entries: Map<string, KeptEntry>;
  /** Names of all columns that the rows of these entries have. */
  readonly columns: Set<string>;
}

/**
 * Extracts the features of several families from a dataset's clips, each clip decoded once for all of them.
 * A clip whose features are there already (same clip, settings, weights and version) is not decoded again.
 */
export class FeatureExtraction {
  private readonly training: Training;
  private readonly families: readonly FeatureFamily[];
  /** Makes lots of clips apart; see {@link lots}. */
  readonly apart: FeatureLots;
  private running: Promise<ReadonlyMap<string, FeatureIndex>> | undefined;
  private lacking: Promise<readonly FeatureLot[]> | undefined;

  constructor(training: Training, families: readonly FeatureFamily[]) {
    this.training = training;
    this.families = families;
    this.apart = new FeatureLots(training, families);
  }

  /** What there is to do, in lots; a second call has the first one's answer. */
  lots(run: StageRun): Promise<readonly FeatureLot[]> {
    this.lacking ??= this.findLacking(run).catch((error: unknown) => {
      this.lacking = undefined;
      throw error;
    });
    return this.lacking;
  }

  /** Makes the features of all families and writes their indexes; a second call waits for the first. */
  run(run: StageRun): Promise<ReadonlyMap<string, FeatureIndex>> {
    this.running ??= this.extractAll(run).catch((error: unknown) => {
      this.running = undefined;
      throw error;
    });
    return this.running;
  }

  private async extractAll(run: StageRun): Promise<ReadonlyMap<string, FeatureIndex>> {
    const clips = await readIngested(this.training.artifacts);
    const paths = new Map(this.training.dataset.clips.map((clip) => [clip.filename, clip.path]));
    await using opened = await this.openShares(clips, run);
    const { shares } = opened;
    const extractors = await openExtractors(this.training, this.families);
    try {
      let done = 0;
      await forEachConcurrently(clips, clipsAtOnce(), run.signal, async (clip) => {
        await this.extractOne(clip, paths.get(clip.filename) ?? clip.filename, shares, extractors, run.signal);
        run.report(++done / clips.length, clip.filename);
      });
      return await this.finish(clips, shares, extractors);
    } finally {
      for (const extractor of extractors.values()) await extractor.dispose();
    }
  }

  private async findLacking(run: StageRun): Promise<readonly FeatureLot[]> {
    const clips = await readIngested(this.training.artifacts);
    await using opened = await this.openShares(clips, run);
    return lotsOf(
      clips.flatMap(({ filename }) => {
        const families = opened.shares.filter(({ entries }) => !entries.has(filename)).map(({ family }) => family.name);
        return families.length === 0 ? [] : [{ filename, families }];
      }),
    );
  }

  private async openShares(
    clips: readonly IngestedClip[],
    run: StageRun,
  ): Promise<AsyncDisposable & { readonly shares: readonly Share[] }> {
    const shares: Share[] = [];
    const close = async () => {
      for (const { journal, before } of shares) {
        await journal[Symbol.asyncDispose]();
        await before?.[Symbol.asyncDispose]();
      }
    };
    try {
      for (const family of this.families) shares.push(await this.openShare(family, clips, run));
      return { shares, [Symbol.asyncDispose]: close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Takes over what earlier runs left for this family, as far as it still holds. */
  private async openShare(family: FeatureFamily, clips: readonly IngestedClip[], run: StageRun): Promise<Share> {
    const { artifacts } = this.training;
    const maker = await featureMaker(this.training, family);
    const known = new Map<string, KeptEntry>();
    const unfinished = new Map<string, KeptEntry>();
    // Task runners start the features of several families at once, each of which makes those of all: the others wait,
    // and find them made. Of a journal that is waited for the index is read afterwards.
    const wait = { signal: run.signal, onWait: (holder: string) => run.report(0, `waiting for ${holder}`) };
    const journal: Journal<MadeEntry> = await Journal.open<MadeEntry>(
      join(artifacts, `features/${family.name}/.journal`),
      family.name,
      (made, place) => {
        unfinished.set(
          made.filename,
          kept(made, async () => (await journal.read(place)).row),
        );
      },
      { wait },
    );
    const before = await FeatureIndexFile.open(artifacts, family.name).catch(() => undefined);
    before?.index.clips.forEach((entry, i) => known.set(entry.filename, { entry, row: () => before.rowAt(i) }));
    for (const [filename, entry] of unfinished) known.set(filename, entry);
    const apart = new Set<string>();
    await readLots(artifacts, family.name, (made, row) => {
      apart.add(made.filename);
      known.set(made.filename, kept(made, row));
    });
    const share: Share = { ...maker, before, journal, entries: new Map(), columns: new Set() };
    for (const clip of clips) {
      const found = known.get(clip.filename);
      // What the machine was at fault for is tried again, unless the clip cannot even be probed, or was tried just now.
      const again = found !== undefined && clip.metadata !== null && mayPass(found.entry.outcome);
      if (again && !apart.has(clip.filename)) continue;
      if (found?.entry.key !== clipKey(clip, share) || !(await entryIsThere(artifacts, found.entry))) continue;
      share.entries.set(clip.filename, found);
      for (const name of Object.keys(await found.row())) share.columns.add(name);
    }
    return share;
  }

  private async extractOne(
    clip: IngestedClip,
    path: string,
    shares: readonly Share[],
    extractors: ReadonlyMap<string, FeatureExtractor>,
    signal: AbortSignal,
  ): Promise<void> {
    const lacking = shares.filter((share) => !share.entries.has(clip.filename));
    const { artifacts } = this.training;
    await makeFeatures({ artifacts, clip, path }, lacking, extractors, signal, async (share, made) => {
      const place = await share.journal.add(made);
      share.entries.set(
        clip.filename,
        kept(made, async () => (await share.journal.read(place)).row),
      );
      for (const name of Object.keys(made.row)) share.columns.add(name);
    });
  }

  private async finish(
    clips: readonly IngestedClip[],
    shares: readonly Share[],
    extractors: ReadonlyMap<string, FeatureExtractor>,
  ): Promise<ReadonlyMap<string, FeatureIndex>> {
    const indexes = new Map<string, FeatureIndex>();
    for (const { family, journal, entries, columns } of shares) {
      const kept = clips.map((clip) => entries.get(clip.filename) as KeptEntry);
      const index: FeatureIndex = {
        feature: family.name,
        version: family.version,
        weights: (extractors.get(family.name) as FeatureExtractor).weights,
        columns: [...columns].sort(),
        clips: kept.map(({ entry }) => entry),
      };
      await writeFeatureIndex(this.training.artifacts, index, (i) => (kept[i] as KeptEntry).row());
      await journal.remove();
      await removeLots(this.training.artifacts, family.name);
      indexes.set(family.name, index);
    }
    return indexes;
  }
}

function kept({ row: _, ...entry }: MadeEntry, row: KeptEntry['row']): KeptEntry {
  return { entry, row };
}
