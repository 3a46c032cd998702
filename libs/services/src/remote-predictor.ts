import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { LatePolicy, Message, Producer } from '@primatrix/contracts';
import type { EnsembleMember, Family, FeatureMatrix } from '@primatrix/families';
import { digestOf } from '@primatrix/files';
import { announcedServices, type JetStreamBus } from '@primatrix/messaging';
import { bundledFamily, firstLevelRecord, firstLevelRecordSchema, Predictor, readBundle, renamedRecord, type ClipPrediction, type FirstLevelRecord, type InputFile } from '@primatrix/pipeline';
import type { TensorStore } from '@primatrix/tensor-store';
import { ClipError, probeClip } from '@primatrix/video';
import { Asker } from './asker.ts';
import { bundleParts, joinerFamily, type BundlePart } from './bundle-parts.ts';
import { checkRanges, chooseReleases } from './choose-releases.ts';
import { clipRef } from './clip-source.ts';
import { storedTensor } from './net-part.ts';
import { ServiceError } from './service-error.ts';
import { joinerReleaseOf, openAnswers } from './start-joiner.ts';

const { name, version } = createRequire(import.meta.url)('../package.json') as { name: string; version: string };

export interface RemoteOptions {
  readonly bus: JetStreamBus;
  readonly store: TensorStore;
  /** Folder of the bundle. */
  readonly bundle: string;
  /** For the columns of the second level. */
  readonly families: readonly Family[];
  /** Tells runs apart: who asks again under the same name goes on where it was. */
  readonly run: string;
  readonly policy: LatePolicy;
  /** Ranges of versions by part. */
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * Predicts with services instead of in this process, to the same bytes. The first level of a clip is one request to the
 * joiner; each stacker and the ensemble is asked for all clips together.
 */
export class RemotePredictor {
  /** Identifies the bundle, the wanted versions and the policy. */
  readonly digest: string;
  private readonly options: RemoteOptions;
  private readonly local: Predictor;
  private readonly asker: Asker;
  private readonly secondLevelProducers: Map<string, Producer>;

  private constructor(digest: string, options: RemoteOptions, local: Predictor, asker: Asker, producers: Map<string, Producer>) {
    this.digest = digest;
    this.options = options;
    this.local = local;
    this.asker = asker;
    this.secondLevelProducers = producers;
  }

  /** @throws BundleError, UsageError VERSION_RANGE */
  static async open(options: RemoteOptions): Promise<RemotePredictor> {
    const { bus, store, bundle, families, policy, versions = {} } = options;
    const { manifest, digest: bundleDigest } = await readBundle(bundle);
    const parts = bundleParts(manifest);
    checkRanges(parts, versions);
    const digest = digestOf({ bundle: bundleDigest, policy, versions });
    const run = digestOf({ digest, run: resolve(options.run) }).slice(0, 16);
    const asker = new Asker(bus, await openAnswers(bus), run, { bundle: bundleDigest, datasetId: manifest.dataset.name, producer: { name, version, modelDigest: null } });
    const secondLevel = parts.filter(({ stage }) => stage === 'stack' || stage === 'ensemble');
    const { releases, none } = await chooseReleases(secondLevel, versions, () => announcedServices(bus.connection));
    if (none.length > 0) throw new ServiceError('VERSION_NONE', `services: no release of the wanted version of ${none.join(', ')} is announced`, { hint: 'start one, or widen the range' });
    const producers = new Map<string, Producer>();
    const ask = async (part: BundlePart, tensors: Message['payload']['tensors']): Promise<Float64Array> => {
      const { stage, family, name: partName } = part;
      const inputs = Object.fromEntries(Object.entries(tensors).map(([key, { sha256 }]) => [key, sha256]));
      const answer = await asker.ask({ stage, family, part: partName, release: releases[partName] ?? part.release, clipId: null, payload: { tensors, files: {} }, inputs });
      if (answer.failure !== null) throw new ServiceError('SERVICE_FAILED', `services: ${partName} gave up: ${answer.failure.message}`, { hint: 'see the dead letters, mend it and run the same command again' });
      producers.set(partName, answer.producer);
      return (await storedTensor(store, answer, 'probabilities')).data as Float64Array;
    };
    const [ensemblePart] = parts.filter(({ stage }) => stage === 'ensemble');
    const local = Predictor.of({
      digest: bundleDigest,
      manifest,
      metadata: bundledFamily(families, 'metadata', manifest.metadata),
      // They look at all clips of a run together, which only who asks for them has.
      neighbours: bundledFamily(families, 'neighbours', manifest.neighbours),
      extractors: new Map(),
      nets: [],
      stacks: manifest.stacks.map((part) => ({
        part,
        async predict({ data, rows, columns }: FeatureMatrix) {
          const table = await store.put({ dtype: 'float32', shape: [rows, columns.length], data });
          return ask(secondLevel.find(({ name: member }) => member === part.member) as BundlePart, { table });
        },
        dispose() {},
      })),
      ensemble: {
        async combine(members: readonly EnsembleMember[]) {
          const width = manifest.classes.length;
          const refs = await Promise.all(members.map(async ({ name: member, probabilities: data }) => [member, await store.put({ dtype: 'float64', shape: [data.length / width, width], data })] as const));
          return ask(ensemblePart as BundlePart, Object.fromEntries(refs));
        },
      },
    });
    return new RemotePredictor(digest, options, local, asker, producers);
  }

  get manifest(): Predictor['manifest'] {
    return this.local.manifest;
  }

  /** What to say wherever results are shown, where they rest on untrained weights; else empty. */
  get warnings(): string[] {
    return this.manifest.features.filter(({ weights }) => weights.startsWith('UNTRAINED')).map(({ feature, weights }) => `${feature}: ${weights}`);
  }

  /** Names of the bundle's parts, and `joiner`, of which no service is announced now: work waits until they are started. */
  async silent(): Promise<string[]> {
    const releases = new Set((await announcedServices(this.options.bus.connection)).map(({ metadata }) => metadata['release']));
    const { versions = {} } = this.options;
    const parts = bundleParts(this.manifest).filter((part) => versions[part.name] === undefined && !releases.has(part.release));
    return [...(releases.has(joinerReleaseOf(this.local.digest)) ? [] : [joinerFamily]), ...parts.map((part) => part.name)];
  }

  /** A clip that cannot be read has a record too: a failed one. */
  async firstLevel(file: InputFile, signal: AbortSignal): Promise<FirstLevelRecord> {
    const modifiedAt = (await stat(file.path).catch(() => null))?.mtime ?? null;
    const ref = await clipRef(file.path).catch(() => undefined);
    if (ref === undefined) return unreadable(file, modifiedAt, signal);
    const { policy, versions = {} } = this.options;
    const { record } = (
      await this.asker.ask(
        {
          stage: 'clips',
          family: joinerFamily,
          part: joinerFamily,
          release: joinerReleaseOf(this.local.digest),
          clipId: ref.sha256,
          payload: { tensors: {}, files: { clip: ref }, filename: file.filename, site: file.site ?? null, capturedAt: file.capturedAt?.toISOString() ?? null, policy, versions },
          inputs: { clip: ref.uri, sha256: ref.sha256 },
        },
        signal,
      )
    ).payload;
    return { ...renamedRecord(firstLevelRecordSchema.parse(record), file), modifiedAt: modifiedAt?.toISOString() ?? null };
  }

  /** One prediction a record, in their order; each says who made what it rests on. */
  async secondLevel(records: readonly FirstLevelRecord[], signal?: AbortSignal): Promise<ClipPrediction[]> {
    const predictions = await this.local.secondLevel(records, signal);
    return predictions.map((prediction, i) => ({ ...prediction, producers: { ...records[i]?.producers, ...(prediction.probabilities === null ? {} : Object.fromEntries(this.secondLevelProducers)) } }));
  }

  /** Ends the bus too. */
  async dispose(): Promise<void> {
    await this.asker[Symbol.asyncDispose]();
    await this.options.bus.close();
  }
}

/** What probing says of a file that cannot even be read. */
async function unreadable(file: InputFile, modifiedAt: Date | null, signal: AbortSignal): Promise<FirstLevelRecord> {
  try {
    await probeClip(file.path, { signal });
  } catch (error) {
    if (error instanceof ClipError) return firstLevelRecord(file, { outcome: error.outcome, metadata: null, modifiedAt });
    throw error;
  }
  throw new ServiceError('CLIP_CHANGED', `services: ${file.path} came back while it was looked at`, { hint: 'run the same command again' });
}
