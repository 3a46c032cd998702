import type { WeightsProvenance } from '@primatrix/families';
import { fixedNumbers, openSession, requireSameResults, type Device, type Session } from '@primatrix/onnx';
import * as ort from 'onnxruntime-node';
import type { BackboneSpec } from './backbone-spec.ts';
import { storedModel } from './stored-model.ts';
import { untrainedModel } from './untrained-model.ts';
import { checkedModel, readCard } from './weights-store.ts';

/** Where a backbone's weights come from, and what it runs on. */
export interface OpenOptions {
  /** Folder with imported weights; see {@link importWeights}. */
  readonly weightsDir: string;
  /** Seed of the weights where none were imported. */
  readonly seed: number;
  /** Threads of one operator; 0 for all cores. Default 0. */
  readonly threads?: number;
  /** Default `cpu`. */
  readonly device?: Device;
  /** Convolutions by Winograd's method, on the CPU alone: devices have methods of their own. Default false. */
  readonly winograd?: boolean;
}

/** A backbone that is ready to run. */
export interface Backbone {
  readonly spec: BackboneSpec;
  readonly weights: WeightsProvenance;
  /**
   * Features of pictures, which all have one size.
   * @param frames uint8 [count, height, width, 3], RGB
   * @returns [count, spec.width]
   */
  run(frames: Uint8Array, count: number, height: number, width: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Opens a backbone with its imported weights or, where there are none, with untrained ones from a seed:
 * `weights.note` then starts with `UNTRAINED`, to be shown to people.
 * @throws WeightsError where imported weights are damaged: never quietly replaced by random ones
 */
export async function openBackbone(spec: BackboneSpec, options: OpenOptions): Promise<Backbone> {
  const { threads = 0, device = 'cpu' } = options;
  const card = await readCard(spec.name, options.weightsDir);
  const winograd = options.winograd === true && device === 'cpu';
  const model =
    card === undefined
      ? await untrainedModel(spec, { seed: options.seed, threads, winograd })
      : storedModel(spec, await checkedModel(card, options.weightsDir), { winograd });
  const session = await openSession(model, { threads, device });
  await requireSameFeatures(spec, model, session, device);
  const weights: WeightsProvenance =
    card === undefined
      ? {
          source: 'random',
          digest: null,
          note: `UNTRAINED: ${spec.title} has no imported weights, drawn at random from seed ${options.seed}`,
        }
      : {
          source: 'imported',
          digest: card.model.sha256,
          note: `${spec.title} weights from ${card.source.file} (sha256 ${card.source.sha256.slice(0, 12)})`,
        };
  return {
    spec,
    weights,
    async run(frames, count, height, width) {
      const { features } = await session.run({ frames: new ort.Tensor('uint8', frames, [count, height, width, 3]) });
      return features?.data as Float32Array;
    },
    dispose: () => session.release(),
  };
}

/**
 * Compares the features of fixed pictures on a device with the CPU's, before it is used.
 * @throws SessionError `DEVICE_DIFFERS`
 */
async function requireSameFeatures(
  { title, minSize }: BackboneSpec,
  model: Uint8Array | string,
  session: Session,
  device: Device,
): Promise<void> {
  if (device === 'cpu') return;
  const onCpu = await openSession(model);
  const side = Math.max(minSize, 128);
  try {
    await requireSameResults(device, title, async (on, batch) => {
      const pixels = Uint8Array.from(fixedNumbers(side * side * 3, batch), (value) => Math.round(127.5 * (value + 1)));
      const frames = new ort.Tensor('uint8', pixels, [1, side, side, 3]);
      const { features } = await (on === 'cpu' ? onCpu : session).run({ frames });
      return [features?.data as Float32Array];
    });
  } finally {
    await onCpu.release();
  }
}
