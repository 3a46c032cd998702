import type { Tensor } from '@primatrix/contracts';
import { float16ToFloat32 } from '@primatrix/tensor-store';
import type { RowFacts } from './row-facts.ts';

/** One clip's vectors, [rows, width], and what is known of the rows. */
export interface ClipVectors extends RowFacts {
  readonly vectors: Tensor;
}

/** With fewer clips a site's background would be the clips themselves: the usual background stands in. */
export const fewestClips = 3;

/** Clips of a site that its background is made of: more show the same place again. */
const mostClips = 16;

/** Of a site's clips those that its background is made of: 16 at most, evenly spread in the order given. */
export function backgroundClips<Clip>(clips: readonly Clip[]): Clip[] {
  const count = Math.min(mostClips, clips.length);
  return Array.from({ length: count }, (_, i) => clips[Math.floor((i * clips.length) / count)] as Clip);
}

/**
 * What a site looks like to an encoder where nothing is: the mean of the stiller half of the rows on which no detector saw anything; of
 * all rows, where it saw something on each. No labels are needed.
 * @returns [width]; undefined where there is no row
 */
export function backgroundOf(clips: readonly ClipVectors[]): Float64Array | undefined {
  const rows = clips.flatMap((clip) =>
    Array.from(clip.movement, (movement, row) => ({ clip, row, movement, seen: clip.seen[row] === true })),
  );
  const empty = rows.some(({ seen }) => !seen) ? rows.filter(({ seen }) => !seen) : rows;
  const middle = empty.map(({ movement }) => movement).toSorted((a, b) => a - b)[Math.floor((empty.length - 1) / 2)];
  if (middle === undefined) return undefined;
  const still = empty.filter(({ movement }) => movement <= middle);
  const values = new Map(clips.map((clip) => [clip, float32Of(clip.vectors)]));
  const width = clips[0]?.vectors.shape[1] ?? 0;
  const mean = new Float64Array(width);
  for (const { clip, row } of still) {
    const own = values.get(clip) as Float32Array;
    for (let i = 0; i < width; i++) mean[i] = (mean[i] as number) + (own[row * width + i] as number) / still.length;
  }
  return mean;
}

/** The mean of backgrounds, each [width]; undefined where there is none. */
export function meanBackground(backgrounds: readonly Float64Array[]): Float64Array | undefined {
  const [first] = backgrounds;
  return first?.map((_, i) => backgrounds.reduce((sum, own) => sum + (own[i] as number), 0) / backgrounds.length);
}

/** Vectors, [rows, width], minus a background, [width]; float32. */
export function takeOff(vectors: Tensor, background: Float64Array): Tensor<'float32'> {
  const width = background.length;
  const data = float32Of(vectors).map((value, i) => value - (background[i % width] as number));
  return { dtype: 'float32', shape: vectors.shape, data };
}

function float32Of({ dtype, data }: Tensor): Float32Array {
  return dtype === 'float16' ? float16ToFloat32(data as Uint16Array) : (data as Float32Array);
}
