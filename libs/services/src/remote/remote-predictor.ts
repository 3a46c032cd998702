import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileRef, LatePolicy } from '@primatrix/contracts';
import type { Family } from '@primatrix/families';
import { digestOf, packageOf } from '@primatrix/files';
import { announcedServices, type JetStreamBus } from '@primatrix/messaging';
import {
  firstLevelRecord,
  firstLevelRecordSchema,
  readBundle,
  renamedRecord,
  type BundleManifest,
  type ClipPrediction,
  type FirstLevelRecord,
  type FirstLevelRecords,
  type FirstLevelStage,
  type InputFile,
} from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import { ClipError, probeClip } from '@primatrix/video';
import { inSpan, type TraceContext } from '@primatrix/telemetry';
import { isS3 } from '@primatrix/tensor-store';
import { clipQuestion } from './clip-question.ts';
import { Requester } from './requester.ts';
import { bundleParts, joinerFamily } from '../parts/bundle-parts.ts';
import { checkRanges, chooseReleases } from '../parts/choose-releases.ts';
import type { ClipCache } from '../clips/clip-cache.ts';
import { clipRef } from '../clips/clip-source.ts';
import { firstLevelParts } from '../joiner/clip-state.ts';
import { checkPolicy } from '../joiner/late-policy.ts';
import { RemoteSecondLevel } from './remote-second-level.ts';
import { ServiceError } from '../service-error.ts';
import { joinerReleaseOf, openAnswers } from '../joiner/start-joiner.ts';

const { name, version } = packageOf(import.meta.url);

/** Which services are asked, over which bus, and what is done about those that are late or fail. */
export interface RemoteOptions {
  readonly bus: JetStreamBus;
  readonly store: TensorStore;
  /** Folder of the bundle. */
  readonly bundle: string;
  /** Where clips of an object store lie. */
  readonly cache: ClipCache;
  /** For the columns of the second level. */
  readonly families: readonly Family[];
  /** Tells runs apart: who asks again under the same name goes on where it was. */
  readonly run: string;
  /** Of families that are late or fail; null: as the bundle has it. */
  readonly policy: LatePolicy | null;
  /** Ranges of versions by part. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** About one clip. */
export interface RemoteClipOptions {
  /** Is told, once all have answered, what each family took where it ran. */
  readonly onStage?: (stage: FirstLevelStage) => void;
  /** Whether an answer that is kept will not do. */
  readonly again?: boolean;
  /** What the clip follows from; absent: a trace begins with it. */
  readonly trace?: TraceContext | undefined;
}

/**
 * Predicts with services instead of in this process, to the same bytes. The first level of a clip is one request to the
 * joiner; each stacker and the ensemble is asked for all clips together.
 */
export class RemotePredictor {
  /** Identifies the bundle, the wanted versions and the policy. */
  readonly digest: string;
  private readonly options: RemoteOptions;
  readonly manifest: BundleManifest;
  private readonly requester: Requester;
  private readonly stacked: RemoteSecondLevel;
  private readonly bundleDigest: string;

  private constructor(
    digest: string,
    options: RemoteOptions,
    requester: Requester,
    stacked: RemoteSecondLevel,
    manifest: BundleManifest,
    bundleDigest: string,
  ) {
    this.digest = digest;
    this.options = options;
    this.requester = requester;
    this.stacked = stacked;
    this.manifest = manifest;
    this.bundleDigest = bundleDigest;
  }

  /** @throws BundleError, UsageError VERSION_RANGE */
  static async open(options: RemoteOptions): Promise<RemotePredictor> {
    const { bus, store, bundle, families, policy, versions = {} } = options;
    const { manifest, digest: bundleDigest } = await readBundle(bundle);
    const parts = bundleParts(manifest);
    checkRanges(parts, versions);
    checkPolicy(parts, policy);
    const digest = digestOf({ bundle: bundleDigest, policy, versions });
    const run = digestOf({ digest, run: resolve(options.run) }).slice(0, 16);
    const requester = new Requester(bus, await openAnswers(bus), run, {
      bundle: bundleDigest,
      datasetId: manifest.dataset.name,
      producer: { name, version, modelDigest: null },
    });
    const secondLevel = parts.filter(({ stage }) => stage === 'stack' || stage === 'ensemble');
    const { releases, none } = await chooseReleases(secondLevel, versions, () => announcedServices(bus.connection));
    if (none.length > 0) {
      throw new ServiceError(
        'VERSION_NONE',
        `services: no release of the wanted version of ${none.join(', ')} is announced`,
        { hint: 'start one, or widen the range' },
      );
    }
    return new RemotePredictor(
      digest,
      options,
      requester,
      new RemoteSecondLevel({ requester, store, manifest, digest: bundleDigest, parts, releases, families }),
      manifest,
      bundleDigest,
    );
  }

  /** What to say wherever results are shown, where they rest on untrained weights or a licence wants it. */
  get warnings(): string[] {
    const { features } = this.manifest;
    return [
      ...features
        .filter(({ weights }) => weights.startsWith('UNTRAINED'))
        .map(({ family, weights }) => `${family}: ${weights}`),
      ...features.flatMap(({ caution }) => caution ?? []),
    ];
  }

  /** Names of the bundle's parts, and `joiner`, of which no service is announced now: work waits until they are started. */
  async silent(): Promise<string[]> {
    const releases = new Set(
      (await announcedServices(this.options.bus.connection)).map(({ metadata }) => metadata['release']),
    );
    const { versions = {} } = this.options;
    const parts = bundleParts(this.manifest).filter(
      (part) => versions[part.name] === undefined && !releases.has(part.release),
    );
    return [
      ...(releases.has(joinerReleaseOf(this.bundleDigest)) ? [] : [joinerFamily]),
      ...parts.map((part) => part.name),
    ];
  }

  /** A clip that cannot be read has a record too: a failed one. */
  async firstLevel(
    file: InputFile,
    signal: AbortSignal,
    { onStage, again = false, trace }: RemoteClipOptions = {},
  ): Promise<FirstLevelRecord> {
    const { policy, versions = {}, cache } = this.options;
    const modifiedAt = isS3(file.path) ? null : ((await stat(file.path).catch(() => null))?.mtime ?? null);
    let ref: FileRef;
    try {
      ref = await clipRef(file.path, cache);
    } catch (error) {
      if (error instanceof ClipError) {
        return firstLevelRecord(file, { outcome: error.outcome, metadata: null, modifiedAt });
      }
      if (isS3(file.path)) throw error;
      return unreadable(file, modifiedAt, signal);
    }
    const { payload, timings } = await this.requester.ask(
      {
        ...clipQuestion(
          this.bundleDigest,
          { ref, filename: file.filename, site: file.site, capturedAt: file.capturedAt, policy, versions },
          { clip: ref.uri, sha256: ref.sha256 },
        ),
        anew: again,
        trace,
      },
      signal,
    );
    if (onStage !== undefined) {
      for (const { stage, family, name } of firstLevelParts(bundleParts(this.manifest))) {
        const ms = timings[name];
        if (ms !== undefined) {
          onStage({ family, part: stage, seconds: ms / 1000 });
        }
      }
    }
    return {
      ...renamedRecord(firstLevelRecordSchema.parse(payload['record']), file),
      modifiedAt: modifiedAt?.toISOString() ?? null,
    };
  }

  /** One prediction a record, in their order; each says who made what it rests on. */
  async secondLevel(records: FirstLevelRecords, signal?: AbortSignal): Promise<ClipPrediction[]> {
    const predictions = await inSpan(
      'second level',
      { kind: 'internal', attributes: { 'primatrix.clips': records.clips.length } },
      ({ trace }) => this.stacked.predict(records, signal, trace),
    );
    return predictions.map((prediction) => ({
      ...prediction,
      producers: {
        ...prediction.producers,
        ...(prediction.probabilities === null ? {} : Object.fromEntries(this.stacked.producers)),
      },
    }));
  }

  /** Ends the bus too. */
  async dispose(): Promise<void> {
    await this.requester[Symbol.asyncDispose]();
    await this.options.bus.close();
  }
}

/** What probing says of a file that cannot even be read. */
async function unreadable(file: InputFile, modifiedAt: Date | null, signal: AbortSignal): Promise<FirstLevelRecord> {
  try {
    await probeClip(file.path, { signal });
  } catch (error) {
    if (error instanceof ClipError) {
      return firstLevelRecord(file, { outcome: error.outcome, metadata: null, modifiedAt });
    }
    throw error;
  }
  throw new ServiceError('CLIP_CHANGED', `services: ${file.path} came back while it was looked at`, {
    hint: 'run the same command again',
  });
}
