import { join } from 'node:path';
import type { FeatureExtractor, FeatureFamily, JsonValue } from '@primatrix/families';
import { canonicalJson, digestOf, writeFileAtomic } from '@primatrix/files';
import { writeTensorFile } from '@primatrix/tensor-store';
import { engineVersions } from './engine-versions.ts';
import { extractableClip, extractClip, type ExtractedClip } from './extract-clip.ts';
import { entryIsThere, featureIndexPath, readFeatureIndex, type FeatureEntry, type FeatureIndex } from './feature-index.ts';
import { Journal } from './journal.ts';
import type { StageRun } from './plan/stage.ts';
import { readIngested, type IngestedClip } from './stages/ingest.ts';
import type { Training } from './training.ts';

/** One family's share of an extraction. */
interface Share {
  readonly family: FeatureFamily;
  readonly settings: JsonValue;
  readonly weightsDigest: string | null;
  readonly journal: Journal<FeatureEntry>;
  readonly entries: Map<string, FeatureEntry>;
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
      for (const family of this.families) shares.push(await this.openShare(family, clips));
      for (const { family, settings } of shares) extractors.set(family.feature, await family.open(settings, this.training.context));
      let done = 0;
      for (const clip of clips) {
        run.signal.throwIfAborted();
        await this.extractOne(clip, paths.get(clip.filename) ?? clip.filename, shares, extractors, run.signal);
        run.report(++done / clips.length, clip.filename);
      }
      return await this.finish(clips, shares, extractors);
    } finally {
      for (const extractor of extractors.values()) await extractor.dispose();
      for (const share of shares) await share.journal[Symbol.asyncDispose]();
    }
  }

  /** Takes over what earlier runs left for this family, as far as it still holds. */
  private async openShare(family: FeatureFamily, clips: readonly IngestedClip[]): Promise<Share> {
    const { artifacts, profile, context } = this.training;
    const settings = family.settings[profile];
    const weightsDigest = await family.weightsDigest(context);
    const journal = await Journal.open<FeatureEntry>(join(artifacts, `features/${family.feature}/.journal`), family.feature);
    const share: Share = { family, settings, weightsDigest, journal, entries: new Map() };
    const known = new Map<string, FeatureEntry>();
    const index = await readFeatureIndex(artifacts, family.feature).catch(() => undefined);
    for (const entry of [...(index?.clips ?? []), ...journal.entries]) known.set(entry.filename, entry);
    for (const clip of clips) {
      const entry = known.get(clip.filename);
      if (entry?.key === clipKey(clip, share) && (await entryIsThere(artifacts, entry))) share.entries.set(clip.filename, entry);
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
    const wanted = new Map(lacking.map(({ family }) => [family.feature, extractors.get(family.feature) as FeatureExtractor]));
    const extracted: ExtractedClip =
      clip.metadata === null
        ? { outcome: failedAtIngest(clip), features: new Map() }
        : await extractClip(extractableClip(clip.filename, path, clip.metadata), wanted, signal);
    for (const share of lacking) {
      const entry = await this.store(clip, share, extracted);
      share.entries.set(clip.filename, entry);
      await share.journal.add(entry);
    }
  }

  private async store(clip: IngestedClip, share: Share, extracted: ExtractedClip): Promise<FeatureEntry> {
    const base = { filename: clip.filename, key: clipKey(clip, share), outcome: extracted.outcome };
    const features = extracted.features.get(share.family.feature);
    if (features === undefined) return { ...base, file: null, sha256: null, bytes: 0, shape: null, row: {} };
    const file = `features/${share.family.feature}/${clip.filename}.safetensors`;
    const { features: ref } = await writeTensorFile(join(this.training.artifacts, file), { features: features.tensor }, { clip: clip.filename, key: base.key });
    // Sorted as the index sorts them: an entry must not differ by whether it was just made or read back.
    const names = Object.keys(features.row).sort();
    const row = Object.fromEntries(names.map((name) => [name, Number.isNaN(features.row[name]) ? null : (features.row[name] ?? null)]));
    return { ...base, file, sha256: ref.sha256, bytes: ref.bytes, shape: [...ref.shape], row };
  }

  private async finish(
    clips: readonly IngestedClip[],
    shares: readonly Share[],
    extractors: ReadonlyMap<string, FeatureExtractor>,
  ): Promise<ReadonlyMap<string, FeatureIndex>> {
    const indexes = new Map<string, FeatureIndex>();
    for (const { family, journal, entries } of shares) {
      const index: FeatureIndex = {
        feature: family.feature,
        family: family.name,
        version: family.version,
        weights: (extractors.get(family.feature) as FeatureExtractor).weights,
        clips: clips.map((clip) => entries.get(clip.filename) as FeatureEntry),
      };
      await writeFileAtomic(join(this.training.artifacts, featureIndexPath(family.feature)), `${canonicalJson(index)}\n`);
      await journal.remove();
      indexes.set(family.feature, index);
    }
    return indexes;
  }
}

/** Identifies the features of a clip: made from the same, they are the same. */
function clipKey(clip: IngestedClip, share: Share): string {
  const { family, settings, weightsDigest } = share;
  const source = clip.metadata?.sha256 ?? { fault: clip.fault };
  return digestOf({ clip: source, family: family.name, version: family.version, settings, weightsDigest, runtime: engineVersions.onnxRuntime });
}

function failedAtIngest(clip: IngestedClip): ExtractedClip['outcome'] {
  return { status: 'failed', fault: clip.fault, reason: clip.reason, framesDecoded: 0, framesExpected: null };
}
