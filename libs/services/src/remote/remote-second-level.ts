import { lostInputSchema, type Message, type Producer } from '@primatrix/contracts';
import type { EnsembleMember, Family, FeatureMatrix } from '@primatrix/families';
import {
  bundledFamily,
  bundledMetadata,
  Predictor,
  type BundleManifest,
  type ClipPrediction,
  type FirstLevelRecords,
} from '@primatrix/prediction';
import type { TensorStore } from '@primatrix/tensor-store';
import type { TraceContext } from '@primatrix/telemetry';
import type { Requester } from './requester.ts';
import type { BundlePart } from '../parts/bundle-parts.ts';
import { isLost, maxAgain } from '../parts/lost-input.ts';
import { storedTensor } from '../parts/net-part.ts';
import { ServiceError } from '../service-error.ts';

type Tensors = Message['payload']['tensors'];

/** What a {@link RemoteSecondLevel} works with. */
export interface RemoteSecondLevelOptions {
  readonly requester: Requester;
  readonly store: TensorStore;
  readonly manifest: BundleManifest;
  /** sha256 of the manifest. */
  readonly digest: string;
  readonly parts: readonly BundlePart[];
  /** The release that is asked, by part. */
  readonly releases: Readonly<Record<string, string>>;
  readonly families: readonly Family[];
}

/** `Predictor`'s own second level, whose stackers and ensemble are services. */
export class RemoteSecondLevel {
  /** Who answered, by part. */
  readonly producers = new Map<string, Producer>();
  private readonly of: RemoteSecondLevelOptions;
  private signal: AbortSignal | undefined;
  private trace: TraceContext | undefined;

  constructor(options: RemoteSecondLevelOptions) {
    this.of = options;
  }

  /** @throws ServiceError SERVICE_FAILED where a stacker or the ensemble gave up */
  async predict(
    records: FirstLevelRecords,
    signal: AbortSignal | undefined,
    trace: TraceContext,
  ): Promise<ClipPrediction[]> {
    this.signal = signal;
    this.trace = trace;
    const { digest, manifest, families } = this.of;
    const predictor = Predictor.of({
      digest,
      manifest,
      metadata: bundledMetadata(families, manifest),
      // They look at all clips of a run together, which only who asks for them has.
      neighbours: bundledFamily(families, 'neighbours', manifest.neighbours),
      extractors: new Map(),
      nets: [],
      stacks: manifest.stacks.map((part) => ({
        part,
        predict: (matrix) => this.askStack(part.member, matrix),
        dispose() {},
      })),
      ensemble: { combine: (members) => this.askEnsemble(members) },
    });
    return predictor.secondLevel(records, signal);
  }

  private askStack(member: string, { data, rows, columns }: FeatureMatrix): Promise<Float64Array> {
    return this.ask(member, async (store) => ({
      table: await store.put({ dtype: 'float32', shape: [rows, columns.length], data }),
    }));
  }

  private askEnsemble(members: readonly EnsembleMember[]): Promise<Float64Array> {
    const { manifest } = this.of;
    const width = manifest.classes.length;
    return this.ask(manifest.ensemble.family, async (store) => {
      const tensors: Tensors = {};
      for (const { name, probabilities: data } of members) {
        tensors[name] = await store.put({ dtype: 'float64', shape: [data.length / width, width], data });
      }
      return tensors;
    });
  }

  /** Where what was stored is lost, on the way there or back (in an answer of days ago too), it is stored and asked for again. */
  private async ask(name: string, storeInputs: (store: TensorStore) => Promise<Tensors>): Promise<Float64Array> {
    const { requester, store, parts, releases } = this.of;
    const { stage, family, release } = parts.find((part) => part.name === name) as BundlePart;
    for (let again = 0; ; again++) {
      const tensors = await storeInputs(store);
      const inputs = Object.fromEntries(Object.entries(tensors).map(([key, { sha256 }]) => [key, sha256]));
      const answer = await requester.ask(
        {
          stage,
          family,
          part: name,
          release: releases[name] ?? release,
          clipId: null,
          payload: { tensors, files: {} },
          inputs,
          anew: again > 0,
          trace: this.trace,
        },
        this.signal,
      );
      if (answer.failure === null) {
        try {
          const { data } = await storedTensor(store, answer, 'probabilities');
          this.producers.set(name, answer.producer);
          return data as Float64Array;
        } catch (error) {
          if (!isLost(error) || again === maxAgain) throw error;
        }
      } else if (!lostInputSchema.safeParse(answer.payload).success || again === maxAgain) {
        throw new ServiceError('SERVICE_FAILED', `services: ${name} gave up: ${answer.failure.message}`, {
          hint: 'see the dead letters, mend it and run the same command again',
        });
      }
    }
  }
}
