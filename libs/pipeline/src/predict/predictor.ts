import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipMetadata, ClipOutcome } from '@primatrix/contracts';
import type { ClipFeatures, EnsembleFamily, EnsembleMember, Family, FeatureContext, FeatureExtractor, FeatureFamily, MetadataFamily, StackFamily, StackModel } from '@primatrix/families';
import { predictNet } from '@primatrix/nets';
import { openSession } from '@primatrix/onnx';
import { ClipError, probeClip } from '@primatrix/video';
import { BundleError, bundledWeights, readBundle, type BundleManifest } from '../bundle/bundle-manifest.ts';
import { extractableClip, extractClip, nothingToGoBy } from '../extract-clip.ts';
import { clipColumns } from '../second-level-columns.ts';
import type { ClipPrediction } from './clip-prediction.ts';
import type { InputFile } from './list-inputs.ts';

type Session = Awaited<ReturnType<typeof openSession>>;

/** An opened net: one session a fold. */
interface OpenNet {
  readonly part: BundleManifest['nets'][number];
  readonly sessions: readonly Session[];
}

/** An opened stacker: one model a fold. */
interface OpenStack {
  readonly part: BundleManifest['stacks'][number];
  readonly models: readonly StackModel[];
}

/**
 * The whole ensemble of a bundle, opened once, for one clip after the other. Its memory does not depend on
 * how many clips go through it.
 */
export class Predictor {
  /** Identifies the bundle: predictions of different digests are not comparable. */
  readonly digest: string;
  readonly manifest: BundleManifest;
  private readonly metadata: MetadataFamily;
  private readonly ensemble: EnsembleFamily;
  private readonly extractors: ReadonlyMap<string, FeatureExtractor>;
  private readonly nets: readonly OpenNet[];
  private readonly stacks: readonly OpenStack[];

  private constructor(parts: {
    digest: string;
    manifest: BundleManifest;
    metadata: MetadataFamily;
    ensemble: EnsembleFamily;
    extractors: ReadonlyMap<string, FeatureExtractor>;
    nets: readonly OpenNet[];
    stacks: readonly OpenStack[];
  }) {
    this.digest = parts.digest;
    this.manifest = parts.manifest;
    this.metadata = parts.metadata;
    this.ensemble = parts.ensemble;
    this.extractors = parts.extractors;
    this.nets = parts.nets;
    this.stacks = parts.stacks;
  }

  /**
   * Opens a bundle with the installed families.
   * @throws BundleError where the bundle is damaged, or a family that it names is missing or of another version
   */
  static async open(folder: string, families: readonly Family[], context: FeatureContext): Promise<Predictor> {
    const { manifest, digest } = await readBundle(folder);
    const metadata = familyOf(families, 'metadata', manifest.metadata);
    const ensemble = familyOf(families, 'ensemble', manifest.ensemble);
    const extractors = new Map<string, FeatureExtractor>();
    for (const part of manifest.features) {
      extractors.set(part.feature, await openExtractor(familyOf(families, 'features', part), part, { ...context, weightsDir: join(folder, bundledWeights) }));
    }
    const nets: OpenNet[] = [];
    for (const part of manifest.nets) {
      // The models are small: more threads than one cost more than they bring.
      nets.push({ part, sessions: await Promise.all(part.models.map((model) => openSession(join(folder, model.path), { threads: 1, device: context.device }))) });
    }
    const stacks: OpenStack[] = [];
    for (const part of manifest.stacks) {
      const family: StackFamily = familyOf(families, 'stack', part);
      stacks.push({ part, models: await Promise.all(part.models.map(async (model) => family.load(await readFile(join(folder, model.path), 'utf8')))) });
    }
    return new Predictor({ digest, manifest, metadata, ensemble, extractors, nets, stacks });
  }

  /** What to say wherever results are shown, where they rest on untrained weights; else empty. */
  get warnings(): string[] {
    return [...this.extractors].filter(([, extractor]) => extractor.weights.source === 'random').map(([feature, extractor]) => `${feature}: ${extractor.weights.note}`);
  }

  /** Predicts one clip. A clip that cannot be read is a prediction too: a failed one. */
  async predict(file: InputFile, signal: AbortSignal): Promise<ClipPrediction> {
    let metadata: ClipMetadata;
    try {
      metadata = await probeClip(file.path, { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ClipError) return failed(file, null, error.outcome);
      throw error;
    }
    const clip = extractableClip(file.filename, file.path, metadata);
    const { outcome, features } = await extractClip(clip, this.extractors, signal);
    if (outcome.status === 'failed') return failed(file, metadata.sha256, outcome);
    if (features.size === 0) return failed(file, metadata.sha256, nothingToGoBy(clip));
    const nets = await this.predictNets(features, signal);
    const members = [...(await this.predictStacks(metadata, features, nets)), ...[...nets].map(([name, probabilities]): EnsembleMember => ({ name, probabilities }))];
    const probabilities = this.ensemble.combine(members, this.manifest.ensemble.weights, this.manifest.ensemble.calibration);
    return {
      filename: file.filename,
      sha256: metadata.sha256,
      outcome,
      probabilities: [...probabilities],
      members: Object.fromEntries(members.map((member) => [member.name, [...member.probabilities]])),
      padded: this.paddedFamilies(features),
    };
  }

  private async predictNets(features: ReadonlyMap<string, ClipFeatures>, signal: AbortSignal): Promise<Map<string, Float64Array>> {
    const classes = this.manifest.classes.length;
    const nets = new Map<string, Float64Array>();
    for (const { part, sessions } of this.nets) {
      const tensor = features.get(part.feature)?.tensor;
      // The clip lacks the pictures or the sound that this net goes by: the stackers see its columns as missing.
      if (tensor === undefined) continue;
      const mean = new Float64Array(classes);
      for (const session of sessions) {
        const predicted = await predictNet(session, [{ tensor }], { input: part.input, classes, crops: part.crops, padding: part.padding, signal });
        predicted.forEach((p, i) => (mean[i] = (mean[i] ?? 0) + p / sessions.length));
      }
      nets.set(part.family, mean);
    }
    return nets;
  }

  private async predictStacks(
    metadata: ClipMetadata,
    features: ReadonlyMap<string, ClipFeatures>,
    nets: ReadonlyMap<string, Float64Array>,
  ): Promise<EnsembleMember[]> {
    const { classes } = this.manifest;
    const rows = new Map([...features].map(([feature, { row }]) => [feature, row]));
    const members: EnsembleMember[] = [];
    for (const { part, models } of this.stacks) {
      const data = clipColumns({ metadata, rows, nets }, this.metadata, classes, part.columns);
      const mean = new Float64Array(classes.length);
      for (const model of models) {
        const predicted = await model.predict({ data, rows: 1, columns: part.columns });
        predicted.forEach((p, i) => (mean[i] = (mean[i] ?? 0) + p / models.length));
      }
      members.push({ name: part.member, probabilities: mean });
    }
    return members;
  }

  private paddedFamilies(features: ReadonlyMap<string, ClipFeatures>): ClipPrediction['padded'] {
    const short = this.nets.flatMap(({ part }) => {
      const frames = features.get(part.feature)?.tensor.shape[0];
      const length = part.crop[0] ?? 0;
      return frames !== undefined && frames < length ? [[part.family, { frames, length }] as const] : [];
    });
    return Object.fromEntries(short);
  }

  async dispose(): Promise<void> {
    for (const extractor of this.extractors.values()) await extractor.dispose();
    for (const { sessions } of this.nets) for (const session of sessions) await session.release();
    for (const { models } of this.stacks) for (const model of models) model.dispose();
  }
}

function failed(file: InputFile, sha256: string | null, outcome: ClipOutcome): ClipPrediction {
  return { filename: file.filename, sha256, outcome, probabilities: null, members: {}, padded: {} };
}

/** The installed family of that name; its minor version must be the bundle's, as columns and tensors may differ otherwise. */
function familyOf<K extends Family['kind']>(families: readonly Family[], kind: K, part: { family: string; version: string }): Extract<Family, { kind: K }> {
  const found = families.find((family): family is Extract<Family, { kind: K }> => family.kind === kind && family.name === part.family);
  const minor = (version: string) => version.split('.').slice(0, 2).join('.');
  if (found === undefined || minor(found.version) !== minor(part.version)) {
    throw new BundleError('BUNDLE_FAMILY', `bundle: it was made with ${part.family} ${part.version}, but ${found === undefined ? 'that is not installed' : `${found.version} is installed`}`, {
      hint: `install ${part.family} ${minor(part.version)}, or make the bundle again`,
    });
  }
  return found;
}

async function openExtractor(family: FeatureFamily, part: BundleManifest['features'][number], context: FeatureContext): Promise<FeatureExtractor> {
  const digest = await family.weightsDigest(context);
  if (digest !== part.weightsDigest) {
    throw new BundleError('BUNDLE_WEIGHTS', `bundle: the weights of ${part.feature} in it are not those it was trained with`, { hint: 'make the bundle again, or copy it whole' });
  }
  return family.open(part.settings, context);
}
