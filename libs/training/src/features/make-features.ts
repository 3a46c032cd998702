import { join } from 'node:path';
import type { FeatureExtractor, FeatureFamily, JsonValue } from '@primatrix/families';
import { digestOf } from '@primatrix/files';
import { extractableClip, extractClip, inspectedClip, type ExtractedClip } from '@primatrix/prediction';
import { writeTensorFile } from '@primatrix/tensor-store';
import { ClipError, inspectClip } from '@primatrix/video';
import type { IngestedClip } from '../ingest/ingested-clips.ts';
import { engineVersions } from '../plan/engine-versions.ts';
import type { Training } from '../plan/training.ts';
import { featureTensorPath, type FeatureEntry, type FeatureRow } from './feature-index.ts';
import { standInsOf, type StandIn } from './stand-ins.ts';

/** An entry with its row, as journals keep it. */
export type MadeEntry = FeatureEntry & { readonly row: FeatureRow };

/** What a family's features of a clip depend on besides the clip. */
export interface FeatureMaker {
  readonly family: FeatureFamily;
  readonly settings: JsonValue;
  readonly weightsDigest: string | null;
  /** Ready clips that it looks at instead, by file name. */
  readonly standIns: ReadonlyMap<string, StandIn> | undefined;
}

/** @param filenames clips whose ready clips are looked at; default: all */
export async function featureMaker(
  training: Training,
  family: FeatureFamily,
  filenames?: readonly string[],
): Promise<FeatureMaker> {
  return {
    family,
    settings: family.settings[training.profile],
    weightsDigest: await family.weightsDigest(training.context),
    standIns: await standInsOf(training, family.name, filenames),
  };
}

/** Opens what makes the features, by family. The caller disposes of them. */
export async function openExtractors(
  training: Training,
  families: readonly FeatureFamily[],
): Promise<Map<string, FeatureExtractor>> {
  const extractors = new Map<string, FeatureExtractor>();
  try {
    for (const family of families) {
      extractors.set(family.name, await family.open(family.settings[training.profile], training.context));
    }
    return extractors;
  } catch (error) {
    for (const extractor of extractors.values()) await extractor.dispose();
    throw error;
  }
}

/**
 * Makes a clip's features of several families, decoding it once, and writes their tensors.
 * @param path of the clip
 * @param stored is given what was made, family by family
 */
export async function makeFeatures<Maker extends FeatureMaker>(
  { artifacts, clip, path }: { readonly artifacts: string; readonly clip: IngestedClip; readonly path: string },
  makers: readonly Maker[],
  extractors: ReadonlyMap<string, FeatureExtractor>,
  signal: AbortSignal,
  stored: (maker: Maker, made: MadeEntry) => Promise<void>,
): Promise<void> {
  if (makers.length === 0) return;
  const opened = (of: readonly FeatureMaker[]) =>
    new Map(of.map(({ family }) => [family.name, extractors.get(family.name) as FeatureExtractor]));
  const looking = opened(makers.filter(({ standIns }) => standIns === undefined));
  const extracted: ExtractedClip =
    clip.metadata === null
      ? { outcome: failedAtIngest(clip), features: new Map() }
      : looking.size === 0
        ? nothingExtracted
        : await extractClip(extractableClip(clip.filename, path, clip.metadata), looking, signal);
  for (const maker of makers) {
    const standIn = clip.metadata === null ? undefined : maker.standIns?.get(clip.filename);
    const own =
      standIn === undefined ? extracted : await extractStandIn(clip.filename, standIn, opened([maker]), signal);
    await stored(maker, await store(artifacts, clip, maker, own));
  }
}

async function store(
  artifacts: string,
  clip: IngestedClip,
  maker: FeatureMaker,
  extracted: ExtractedClip,
): Promise<MadeEntry> {
  const base = { filename: clip.filename, key: clipKey(clip, maker), outcome: extracted.outcome };
  const features = extracted.features.get(maker.family.name);
  if (features === undefined) return { ...base, file: null, sha256: null, bytes: 0, shape: null, row: {} };
  const file = featureTensorPath(maker.family.name, clip.filename);
  const { features: ref } = await writeTensorFile(
    join(artifacts, file),
    { features: features.tensor },
    { clip: clip.filename, key: base.key },
  );
  const row = Object.fromEntries(
    Object.entries(features.row).map(([name, value]) => [name, Number.isNaN(value) ? null : value]),
  );
  return { ...base, file, sha256: ref.sha256, bytes: ref.bytes, shape: [...ref.shape], row };
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

/** Identifies the features of a clip: made from the same, they are the same. */
export function clipKey(clip: IngestedClip, maker: FeatureMaker): string {
  const { family, settings, weightsDigest, standIns } = maker;
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
