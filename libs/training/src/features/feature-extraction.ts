import { join } from 'node:path';
import type { FeatureExtractor, FeatureFamily, JsonValue } from '@primatrix/families';
import { digestOf } from '@primatrix/files';
import {
  clipsAtOnce,
  extractableClip,
  extractClip,
  forEachConcurrently,
  inspectedClip,
  Journal,
  type ExtractedClip,
} from '@primatrix/prediction';
import { writeTensorFile } from '@primatrix/tensor-store';
import { ClipError, inspectClip } from '@primatrix/video';
import { readIngested, type IngestedClip } from '../ingest/ingested-clips.ts';
import { engineVersions } from '../plan/engine-versions.ts';
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
import { standInsOf, type StandIn } from './stand-ins.ts';

/** An entry with its row, as the journal keeps it. */
type MadeEntry = FeatureEntry & { readonly row: FeatureRow };

/** An entry in memory; its row is read when it is asked for. */
interface KeptEntry {
  readonly entry: FeatureEntry;
  readonly row: () => Promise<FeatureRow>;
}

/** One family's share of an extraction. */
interface Share {
  readonly family: FeatureFamily;
  readonly settings: JsonValue;
  readonly weightsDigest: string | null;
  /** Ready clips that it looks at instead, by file name. */
  readonly standIns: ReadonlyMap<string, StandIn> | undefined;
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
  private running: Promise<ReadonlyMap<string, FeatureIndex>> | undefined;

  constructor(training: Training, families: readonly FeatureFamily[]) {
    this.training = training;
    this.families = families;
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
    const shares: Share[] = [];
    const extractors = new Map<string, FeatureExtractor>();
    try {
      for (const family of this.families) shares.push(await this.openShare(family, clips, run));
      for (const { family, settings } of shares) {
        extractors.set(family.name, await family.open(settings, this.training.context));
      }
      let done = 0;
      await forEachConcurrently(clips, clipsAtOnce(), run.signal, async (clip) => {
        await this.extractOne(clip, paths.get(clip.filename) ?? clip.filename, shares, extractors, run.signal);
        run.report(++done / clips.length, clip.filename);
      });
      return await this.finish(clips, shares, extractors);
    } finally {
      for (const extractor of extractors.values()) await extractor.dispose();
      for (const { journal, before } of shares) {
        await journal[Symbol.asyncDispose]();
        await before?.[Symbol.asyncDispose]();
      }
    }
  }

  /** Takes over what earlier runs left for this family, as far as it still holds. */
  private async openShare(family: FeatureFamily, clips: readonly IngestedClip[], run: StageRun): Promise<Share> {
    const { artifacts, profile, context } = this.training;
    const settings = family.settings[profile];
    const weightsDigest = await family.weightsDigest(context);
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
    const standIns = await standInsOf(this.training, family.name);
    const share: Share = {
      ...{ family, settings, weightsDigest, standIns, before, journal },
      entries: new Map(),
      columns: new Set(),
    };
    for (const clip of clips) {
      const found = known.get(clip.filename);
      // What the machine was at fault for is tried again, unless the clip cannot even be probed.
      if (found !== undefined && clip.metadata !== null && mayPass(found.entry.outcome)) continue;
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
    if (lacking.length === 0) return;
    const opened = (of: readonly Share[]) =>
      new Map(of.map(({ family }) => [family.name, extractors.get(family.name) as FeatureExtractor]));
    const looking = opened(lacking.filter(({ standIns }) => standIns === undefined));
    const extracted: ExtractedClip =
      clip.metadata === null
        ? { outcome: failedAtIngest(clip), features: new Map() }
        : looking.size === 0
          ? nothingExtracted
          : await extractClip(extractableClip(clip.filename, path, clip.metadata), looking, signal);
    for (const share of lacking) {
      const standIn = clip.metadata === null ? undefined : share.standIns?.get(clip.filename);
      const own =
        standIn === undefined ? extracted : await extractStandIn(clip.filename, standIn, opened([share]), signal);
      const made = await this.store(clip, share, own);
      const place = await share.journal.add(made);
      share.entries.set(
        clip.filename,
        kept(made, async () => (await share.journal.read(place)).row),
      );
      for (const name of Object.keys(made.row)) share.columns.add(name);
    }
  }

  private async store(clip: IngestedClip, share: Share, extracted: ExtractedClip): Promise<MadeEntry> {
    const base = { filename: clip.filename, key: clipKey(clip, share), outcome: extracted.outcome };
    const features = extracted.features.get(share.family.name);
    if (features === undefined) return { ...base, file: null, sha256: null, bytes: 0, shape: null, row: {} };
    const file = `features/${share.family.name}/${clip.filename}.safetensors`;
    const { features: ref } = await writeTensorFile(
      join(this.training.artifacts, file),
      { features: features.tensor },
      { clip: clip.filename, key: base.key },
    );
    const row = Object.fromEntries(
      Object.entries(features.row).map(([name, value]) => [name, Number.isNaN(value) ? null : value]),
    );
    return { ...base, file, sha256: ref.sha256, bytes: ref.bytes, shape: [...ref.shape], row };
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
      indexes.set(family.name, index);
    }
    return indexes;
  }
}

const nothingExtracted: ExtractedClip = {
  outcome: { status: 'ok', fault: null, reason: '', framesDecoded: 0, framesExpected: null },
  features: new Map(),
};

/** Of a ready clip that is not there, or cannot be read, there are no features; the clip itself may well be whole. */
async function extractStandIn(
  filename: string,
  { path, sha256 }: StandIn,
  extractors: ReadonlyMap<string, FeatureExtractor>,
  signal: AbortSignal,
): Promise<ExtractedClip> {
  if (sha256 === null) return nothingExtracted;
  const extracted = await inspectClip(path, { signal }).then(
    (inspection) => extractClip(inspectedClip(filename, inspection), extractors, signal),
    (error: unknown): ExtractedClip => {
      signal.throwIfAborted();
      if (error instanceof ClipError) return { outcome: error.outcome, features: new Map() };
      throw error;
    },
  );
  const { outcome } = extracted;
  if (outcome.status !== 'failed') return extracted;
  // The path is this machine's.
  const reason = outcome.reason.replaceAll(path, filename);
  return { ...extracted, outcome: { ...outcome, status: 'degraded', reason } };
}

function kept({ row: _, ...entry }: MadeEntry, row: KeptEntry['row']): KeptEntry {
  return { entry, row };
}

/** Identifies the features of a clip: made from the same, they are the same. */
function clipKey(clip: IngestedClip, share: Share): string {
  const { family, settings, weightsDigest, standIns } = share;
  const source = clip.metadata?.sha256 ?? { fault: clip.fault };
  return digestOf({
    clip: source,
    family: family.name,
    version: family.version,
    settings,
    weightsDigest,
    runtime: engineVersions.onnxRuntime,
    standIn: standIns?.get(clip.filename)?.sha256,
  });
}

function failedAtIngest(clip: IngestedClip): ExtractedClip['outcome'] {
  return { status: 'failed', fault: clip.fault, reason: clip.reason, framesDecoded: 0, framesExpected: null };
}
