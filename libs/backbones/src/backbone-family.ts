import type { Profile, Tensor } from '@primatrix/contracts';
import type { ClipExtraction, FeatureFamily } from '@primatrix/families';
import { float32ToFloat16 } from '@primatrix/tensor-store';
import type { Frame } from '@primatrix/video';
import { parseBackboneSettings, type BackboneSettings } from './backbone-settings.ts';
import type { BackboneSpec } from './backbone-spec.ts';
import { FrameReuse } from './frame-reuse.ts';
import { openBackbone, type Backbone } from './open-backbone.ts';
import { resizePicture } from './resize-picture.ts';
import { sampleFrames } from './sample-frames.ts';
import { cardPath, checkedModel, readCard } from './weights-store.ts';

/** What tells one backbone family from another. */
export interface BackboneFamilyOptions {
  /** Package word, for example `backbone-vgg16`. */
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly backbone: BackboneSpec;
  /** The word in `features <family>` and in artifact folders, for example `vgg16`. */
  readonly feature: string;
  readonly settings: Readonly<Record<Profile, BackboneSettings>>;
}

/**
 * A feature family that looks at sampled frames of a clip with a backbone: [frames, width], one row a frame
 * looked at. Without imported weights the backbone is untrained and its provenance says so.
 */
export function backboneFamily({ backbone: spec, ...options }: BackboneFamilyOptions): FeatureFamily {
  return {
    ...options,
    kind: 'features',
    async weightsDigest({ weightsDir }) {
      return (await readCard(spec.name, weightsDir))?.model.sha256 ?? null;
    },
    async weightsFiles({ weightsDir }) {
      const card = await readCard(spec.name, weightsDir);
      return card === undefined ? [] : [cardPath(spec.name, weightsDir), await checkedModel(card, weightsDir)];
    },
    async open(given, { weightsDir, threads, device }) {
      const settings = parseBackboneSettings(given, options.name, spec);
      const backbone = await openBackbone(spec, { weightsDir, threads, device, seed: settings.seed });
      return {
        weights: backbone.weights,
        pixels: 'color',
        start: ({ frames }) => extraction(backbone, settings, frames),
        dispose: () => backbone.dispose(),
      };
    },
  };
}

/**
 * Collects resized frames until a batch is full, runs it, and keeps only the features. With `reuseWithin` a frame that
 * looks as the last computed one is not computed, and has its features.
 */
function extraction(backbone: Backbone, settings: BackboneSettings, frames: number | null): ClipExtraction {
  const { size, batch, maxFrames, reuseWithin } = settings;
  const { width } = backbone.spec;
  const wants = sampleFrames(settings, frames);
  const pending = new Uint8Array(batch * size * size * 3);
  const pictureBytes = size * size * 3;
  /** One row a frame that was computed. */
  const features: Float32Array[] = [];
  const reuse = reuseWithin === undefined ? undefined : new FrameReuse(reuseWithin);
  /** For each frame seen, which row of `features` is its own. */
  const rows: number[] = [];
  let waiting = 0;

  async function run(): Promise<void> {
    const batched = await backbone.run(pending.subarray(0, waiting * pictureBytes), waiting, size, size);
    for (let i = 0; i < waiting; i++) features.push(batched.subarray(i * width, (i + 1) * width));
    waiting = 0;
  }

  async function compute(frame: Frame): Promise<void> {
    const slot = pending.subarray(waiting * pictureBytes, (waiting + 1) * pictureBytes);
    resizePicture({ width: frame.width, height: frame.height, data: frame.rgb() }, slot, size, size, settings.resize);
    waiting++;
    if (waiting === batch) await run();
  }

  return {
    wants: (index) => rows.length < maxFrames && wants(index),
    async push(frame) {
      if (reuse?.repeats(frame) !== true) await compute(frame);
      rows.push(features.length + waiting - 1);
    },
    async finish() {
      if (waiting > 0) await run();
      const data = new Float32Array(rows.length * width);
      rows.forEach((row, i) => data.set(features[row] as Float32Array, i * width));
      const shape = [rows.length, width];
      const tensor: Tensor =
        settings.storage === 'float16' ? { dtype: 'float16', shape, data: float32ToFloat16(data) } : { dtype: 'float32', shape, data };
      return { tensor, row: {} };
    },
  };
}
