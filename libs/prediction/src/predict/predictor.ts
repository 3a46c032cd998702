import { describeMissing, type ClipOutcome, type MissingPart } from '@primatrix/contracts';
import {
  prepareFamilies,
  runnableFamilies,
  type EnsembleFamily,
  type EnsembleMember,
  type Family,
  type FeatureContext,
  type FeatureExtractor,
  type FeatureMatrix,
  type MetadataFamily,
  type NeighbourFamily,
  type PreparationOptions,
} from '@primatrix/families';
import { Foreground } from '../background/foreground.ts';
import { surveySites, type SurveyedFiles } from '../background/survey-sites.ts';
import { BundleError } from '../bundle/bundle-files.ts';
import { readBundle, type BundleManifest } from '../bundle/bundle-manifest.ts';
import { bundledFamily, bundledMetadata, familiesOfBundle, openBundledExtractor } from '../bundle/bundled-family.ts';
import { extractFile } from '../extraction/extract-file.ts';
import { StageTimes, type StageWatch } from '../extraction/stage-watch.ts';
import { BundledNet } from '../first-level/bundled-net.ts';
import { firstLevelRecord, type FirstLevelRecord } from '../first-level/first-level-record.ts';
import type { FirstLevelRecords } from '../first-level/first-level-records.ts';
import type { InputFile } from '../inputs/list-inputs.ts';
import { BundledStack } from '../second-level/bundled-stack.ts';
import { neighbourColumns } from '../second-level/neighbour-columns.ts';
import { clipMatrix, type ClipMatrixOptions } from '../second-level/second-level-columns.ts';
import type { ClipPrediction } from './clip-prediction.ts';

/** The parts of an opened bundle; stackers and ensemble may work elsewhere. */
export interface PredictorParts {
  readonly digest: string;
  readonly manifest: BundleManifest;
  readonly metadata: MetadataFamily;
  readonly neighbours: NeighbourFamily;
  readonly ensemble: { combine(...of: Parameters<EnsembleFamily['combine']>): Float64Array | Promise<Float64Array> };
  readonly extractors: ReadonlyMap<string, FeatureExtractor>;
  /** Features that are made of others. */
  readonly foregrounds?: readonly Foreground[];
  readonly nets: readonly BundledNet[];
  readonly stacks: readonly Pick<BundledStack, 'part' | 'predict' | 'dispose'>[];
  /** Stackers' families that this platform cannot run; every row says so. */
  readonly leftOut?: Readonly<Record<string, MissingPart>>;
}

/** Clips whose columns are in memory at once in the second level. */
const rowsAtOnce = 1024;

/**
 * The whole ensemble of a bundle in two halves: the first level, clip by clip, whose memory does not depend on how many
 * clips go through it; and the second level over all clips of a run, because what stands before and after a clip counts.
 */
export class Predictor {
  private readonly parts: PredictorParts;

  private constructor(parts: PredictorParts) {
    this.parts = parts;
  }

  /** Of parts that are open already. */
  static of(parts: PredictorParts): Predictor {
    return new Predictor(parts);
  }

  /**
   * Opens a bundle with the installed families, after preparing those that it names. Stackers that this platform cannot
   * run are left out, and the weights of the others make up for them.
   * @param preparation stops that, and is told how far it is
   * @throws BundleError where the bundle is damaged, a family that it names is missing or of another version, or none of
   * its stackers can run here
   */
  static async open(
    folder: string,
    families: readonly Family[],
    context: FeatureContext,
    preparation: PreparationOptions = {},
  ): Promise<Predictor> {
    const { manifest, digest } = await readBundle(folder);
    const metadata = bundledMetadata(families, manifest);
    const neighbours = bundledFamily(families, 'neighbours', manifest.neighbours);
    const ensemble = bundledFamily(families, 'ensemble', manifest.ensemble);
    const classes = manifest.classes.length;
    const named = familiesOfBundle(families, manifest);
    const { leftOut } = await runnableFamilies(named.filter(({ kind }) => kind === 'stack'));
    await prepareFamilies(
      named.filter(({ name }) => !leftOut.has(name)),
      preparation,
    );
    const extractors = new Map<string, FeatureExtractor>();
    for (const part of manifest.features) {
      if (part.background !== undefined) continue;
      extractors.set(part.family, await openBundledExtractor(folder, part, families, context));
    }
    const nets: BundledNet[] = [];
    for (const part of manifest.nets) {
      nets.push(await BundledNet.open(folder, part, { classes, device: context.device }));
    }
    const stacks: BundledStack[] = [];
    for (const part of manifest.stacks) {
      if (!leftOut.has(part.family)) stacks.push(await BundledStack.open(folder, part, families, classes));
    }
    return new Predictor({
      digest,
      manifest: withWeightsOf(stacks, manifest, leftOut),
      metadata,
      neighbours,
      ensemble,
      extractors,
      foregrounds: manifest.features.flatMap(({ family, background }) =>
        background === undefined ? [] : [new Foreground(family, background)],
      ),
      nets,
      stacks,
      leftOut: Object.fromEntries([...leftOut].map(([name, reason]) => [name, { reason, policy: 'platform' }])),
    });
  }

  /** Identifies the bundle: predictions of different digests are not comparable. */
  get digest(): string {
    return this.parts.digest;
  }

  get manifest(): BundleManifest {
    return this.parts.manifest;
  }

  /** What to say wherever results are shown, where they rest on untrained weights, a licence wants it, or they lack a member. */
  get warnings(): string[] {
    const missing = describeMissing(this.parts.leftOut ?? {});
    return [
      ...[...this.parts.extractors]
        .filter(([, extractor]) => extractor.weights.source === 'random')
        .map(([feature, extractor]) => `${feature}: ${extractor.weights.note}`),
      ...this.parts.manifest.features.flatMap(({ caution }) => caution ?? []),
      ...(missing === '' ? [] : [missing]),
    ];
  }

  /**
   * Where nets read vectors without the background: looks at some clips of each site to see what it looks like. Clips of sites that it
   * was not told of, or that have too few, are predicted with the usual background of the training.
   * @returns the files, marked by the background that their features are made with, so that no record of another one is taken for theirs
   * @param onClip is told of each clip that was looked at
   */
  async surveySites(
    files: readonly InputFile[],
    signal: AbortSignal,
    onClip?: (file: InputFile) => void,
  ): Promise<SurveyedFiles> {
    const { foregrounds = [], extractors } = this.parts;
    return foregrounds.length === 0
      ? { files, usual: 0 }
      : surveySites(files, { foregrounds, extractors, signal, onClip });
  }

  /**
   * Probes one clip, makes its features and lets the nets predict it. A clip that cannot be read has a record too: a failed one.
   * @param watch is told what each family took; the record is the same with and without
   */
  async firstLevel(file: InputFile, signal: AbortSignal, watch?: StageWatch): Promise<FirstLevelRecord> {
    const times = watch === undefined ? undefined : new StageTimes(watch);
    const { extractors, foregrounds = [] } = this.parts;
    const { outcome, metadata, modifiedAt, backdrop, ...extracted } = await extractFile(file, extractors, signal, {
      times,
      soundBytes: this.parts.manifest.metadata.settings?.soundBytes,
    });
    const features = new Map(extracted.features);
    for (const foreground of foregrounds) {
      const own = foreground.of(features, file.site);
      if (own !== undefined) features.set(foreground.name, own);
    }
    if (times !== undefined && metadata !== null) {
      const { metadata: ingest, features: parts } = this.parts.manifest;
      watch?.onStage({ family: ingest.family, part: 'ingest', seconds: times.rest() });
      for (const { family } of parts) {
        if (features.has(family)) watch?.onStage({ family, part: 'features', seconds: times.of(family) });
      }
    }
    if (outcome.status === 'failed') return firstLevelRecord(file, { outcome, metadata, modifiedAt });
    const nets = new Map<string, Float64Array>();
    const padded: FirstLevelRecord['padded'] = {};
    for (const net of this.parts.nets) {
      const tensor = features.get(net.part.reads)?.tensor;
      // The clip lacks the pictures or the sound that this net goes by: the stackers see its columns as missing.
      if (tensor === undefined) continue;
      const before = watch?.now() ?? 0;
      nets.set(net.part.family, await net.predict(tensor, signal));
      watch?.onStage({ family: net.part.family, part: 'nets', seconds: (watch.now() - before) / 1000 });
      const padding = net.padding(tensor);
      if (padding !== undefined) padded[net.part.family] = padding;
    }
    return firstLevelRecord(file, { outcome, metadata, modifiedAt, features, nets, padded, backdrop });
  }

  /** Stackers and ensemble over all clips of a run; one prediction a record, in their order. */
  async secondLevel(records: FirstLevelRecords, signal?: AbortSignal): Promise<ClipPrediction[]> {
    const { manifest, neighbours: family } = this.parts;
    const neighbours = await neighbourColumns(records.clips, {
      family,
      part: manifest.neighbours,
      classes: manifest.classes,
    });
    const predictions: ClipPrediction[] = [];
    for (let start = 0; start < records.clips.length; start += rowsAtOnce) {
      signal?.throwIfAborted();
      const some = await records.read(start, start + rowsAtOnce);
      const readable = some.filter((record) => record.outcome.status !== 'failed');
      const predicted = new Map(
        (await this.predictReadable(readable, neighbours)).map((prediction, i) => [readable[i], prediction]),
      );
      for (const record of some) {
        const { filename, metadata, outcome, padded, producers } = record;
        const leftOut = outcome.status === 'failed' ? {} : (this.parts.leftOut ?? {});
        const without = { ...record.without, ...leftOut };
        predictions.push({
          filename,
          sha256: metadata?.sha256 ?? null,
          outcome: withoutMembers(outcome, leftOut),
          padded,
          ...(predicted.get(record) ?? { probabilities: null, members: {} }),
          ...(producers === undefined ? {} : { producers }),
          ...(Object.keys(without).length === 0 ? {} : { without }),
        });
      }
    }
    return predictions;
  }

  private async predictReadable(
    records: readonly FirstLevelRecord[],
    neighbours: NonNullable<ClipMatrixOptions['neighbours']>,
  ): Promise<Pick<ClipPrediction, 'probabilities' | 'members'>[]> {
    if (records.length === 0) return [];
    const { manifest, metadata, ensemble, stacks } = this.parts;
    const width = manifest.classes.length;
    const members: EnsembleMember[] = [];
    let matrix: FeatureMatrix | undefined;
    for (const stack of stacks) {
      const { columns } = stack.part;
      // Stackers of one training read the same columns: they are put together once.
      if (matrix?.columns.join('\n') !== columns.join('\n')) {
        matrix = clipMatrix(records, {
          profile: manifest.profile,
          metadata,
          reference: manifest.metadata.reference,
          settings: manifest.metadata.settings,
          classes: manifest.classes,
          columns,
          neighbours,
        });
      }
      members.push({ name: stack.part.member, probabilities: await stack.predict(matrix) });
    }
    const combined = await ensemble.combine(members, manifest.ensemble.weights, manifest.ensemble.calibration);
    return records.map((record, row) => {
      const rowOf = (table: Float64Array) => [...table.subarray(row * width, (row + 1) * width)];
      return {
        probabilities: rowOf(combined),
        members: {
          ...Object.fromEntries(members.map(({ name, probabilities }) => [name, rowOf(probabilities)])),
          ...record.nets,
        },
      };
    });
  }

  async dispose(): Promise<void> {
    const { extractors, nets, stacks } = this.parts;
    for (const extractor of extractors.values()) await extractor.dispose();
    for (const net of nets) await net.dispose();
    for (const stack of stacks) stack.dispose();
  }
}

/** An outcome that says which members are missing; the same one where none is. */
function withoutMembers(outcome: ClipOutcome, leftOut: Readonly<Record<string, MissingPart>>): ClipOutcome {
  const missing = describeMissing(leftOut);
  if (missing === '') return outcome;
  const reason = outcome.reason === '' ? missing : `${outcome.reason}; ${missing}`;
  return { ...outcome, status: 'degraded', fault: outcome.fault ?? 'incomplete', reason };
}

/**
 * The manifest with the ensemble's weights of those members that can run, adding up to what all of them added up to.
 * @throws BundleError BUNDLE_MEMBERS where none of them has a weight
 */
function withWeightsOf(
  stacks: readonly BundledStack[],
  manifest: BundleManifest,
  leftOut: ReadonlyMap<string, string>,
): BundleManifest {
  if (leftOut.size === 0) return manifest;
  const { weights } = manifest.ensemble;
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + (weights[name] ?? 0), 0);
  const running = stacks.map(({ part }) => part.member);
  const rest = sum(running);
  if (!(rest > 0)) {
    throw new BundleError('BUNDLE_MEMBERS', 'bundle: this platform can run none of its stackers', {
      hint: [...leftOut].map(([name, reason]) => `${name}: ${reason}`).join('; '),
    });
  }
  const scale = sum(Object.keys(weights)) / rest;
  const renormalised = Object.fromEntries(running.map((name) => [name, (weights[name] ?? 0) * scale]));
  return { ...manifest, ensemble: { ...manifest.ensemble, weights: renormalised } };
}
