import { openFrames, type Frame } from '@primatrix/video';
import type { BackboneFamily } from './backbone-family.ts';
import type { BackboneSettings } from './backbone-settings.ts';
import { countMultiplications } from './backbone-spec.ts';
import { lookAtClip } from './look-at-clip.ts';
import { openBackbone, type Backbone } from './open-backbone.ts';
import { sampleFrames } from './sample-frames.ts';

/** What reusing features does for one setting of `reuseWithin`; JSON-able. */
export interface ReuseBench {
  /** Bits that each hash may differ in. */
  readonly within: number;
  /** Of the frames looked at, 0..1. */
  readonly shareReused: number;
  /** Time without reuse to time with it: hashing, resizing and the net, without decoding. */
  readonly speedUp: number;
  /** Length of the difference to the frame's own features, to their length: mean over all frames, computed ones being 0. */
  readonly relativeDifference: number;
  /** The same, the largest of any frame. */
  readonly largestDifference: number;
  /** Cosine of the features to the frame's own, mean over all frames and the smallest. */
  readonly cosine: number;
  readonly smallestCosine: number;
}

/**
 * What reusing features of still frames spares and costs: one row for each threshold, over so many clips and frames
 * of `size` pixels, every `every`-th frame.
 */
export interface ReuseBenchReport {
  readonly backbone: string;
  /** Where the weights come from: error of untrained ones says little. */
  readonly weights: string;
  readonly size: number;
  readonly every: number;
  readonly clips: number;
  readonly frames: number;
  readonly rows: readonly ReuseBench[];
}

const tried = [0, 1, 2, 3, 4, 6, 8] as const;

/** The family that needs the fewest multiplications a frame in its `competition` profile; undefined where there is none. */
export function cheapestBackbone(families: readonly BackboneFamily[]): BackboneFamily | undefined {
  const cost = ({ backbone, settings }: BackboneFamily) => countMultiplications(backbone, settings.competition.size);
  return families.toSorted((a, b) => cost(a) - cost(b))[0];
}

/**
 * Measures what `reuseWithin` saves and what it costs with a family's `competition` profile on real clips, each against
 * computing all of the same frames, in turns.
 * @throws ClipError where a clip cannot be read
 */
export async function benchReuse(options: {
  readonly family: BackboneFamily;
  readonly clips: readonly string[];
  readonly weightsDir: string;
  readonly threads?: number;
}): Promise<ReuseBenchReport> {
  const { family } = options;
  const settings = family.settings.competition;
  const backbone = await openBackbone(family.backbone, {
    weightsDir: options.weightsDir,
    seed: settings.seed,
    threads: options.threads ?? 0,
  });
  const rows = tried.map((within) => ({
    within,
    milliseconds: 0,
    reused: 0,
    differences: [] as number[],
    cosines: [] as number[],
  }));
  let [millisecondsOfAll, frames] = [0, 0];
  for (const [i, path] of options.clips.entries()) {
    const sampled = await framesOf(path, settings);
    frames += sampled.length;
    if (i === 0) await look(backbone, settings, sampled); // warms up
    const all = await look(backbone, settings, sampled);
    millisecondsOfAll += all.milliseconds;
    for (const row of rows) {
      const { features, milliseconds } = await look(backbone, { ...settings, reuseWithin: row.within }, sampled);
      row.milliseconds += milliseconds;
      features.forEach((got, frame) => {
        const { difference, cosine } = compare(got, all.features[frame] as Float32Array);
        row.differences.push(difference);
        row.cosines.push(cosine);
        if (frame > 0 && got.every((value, at) => value === features[frame - 1]?.[at])) row.reused++;
      });
    }
  }
  await backbone.dispose();
  return {
    backbone: family.backbone.name,
    weights: backbone.weights.note,
    size: settings.size,
    every: settings.every,
    clips: options.clips.length,
    frames,
    rows: rows.map(({ within, milliseconds, reused, differences, cosines }) => ({
      within,
      shareReused: reused / frames,
      speedUp: millisecondsOfAll / milliseconds,
      relativeDifference: mean(differences),
      largestDifference: Math.max(...differences),
      cosine: mean(cosines),
      smallestCosine: Math.min(...cosines),
    })),
  };
}

/** The frames that are looked at, decoded: so that decoding does not count. */
async function framesOf(path: string, settings: BackboneSettings): Promise<Frame[]> {
  const stream = await openFrames(path);
  const wants = sampleFrames(settings, stream.framesExpected);
  const frames: Frame[] = [];
  for await (const frame of stream) if (wants(frame.index)) frames.push(frame);
  return frames;
}

async function look(
  backbone: Backbone,
  of: BackboneSettings,
  frames: readonly Frame[],
): Promise<{ features: Float32Array[]; milliseconds: number }> {
  const start = performance.now();
  const clip = lookAtClip(backbone, of, frames.length);
  for (const frame of frames) await clip.push(frame);
  const { tensor } = await clip.finish();
  const milliseconds = performance.now() - start;
  const { width } = backbone.spec;
  return {
    features: frames.map((_, i) => (tensor.data as Float32Array).subarray(i * width, (i + 1) * width)),
    milliseconds,
  };
}

function compare(got: Float32Array, own: Float32Array): { difference: number; cosine: number } {
  let [difference, product, gotSquares, ownSquares] = [0, 0, 0, 0];
  for (let i = 0; i < own.length; i++) {
    const [a, b] = [got[i] as number, own[i] as number];
    difference += (a - b) ** 2;
    product += a * b;
    gotSquares += a * a;
    ownSquares += b * b;
  }
  return { difference: Math.sqrt(difference / ownSquares), cosine: product / Math.sqrt(gotSquares * ownSquares) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
