import { float16ToFloat32 } from '@primatrix/tensor-store';
import type { Rng } from '@primatrix/rng';
import { SampleError, sampleName, type Sample, type SampleTensor } from './sample.ts';

/** What stands for frames that a short clip lacks: its last frame, or zeros (sound). */
export type Padding = 'repeat' | 'zero';

/**
 * Along which axes a sample is larger than the net's input; only the first (time) may be smaller.
 * @throws SampleError where the sample does not fit the net
 */
export function cropRoom(sample: Sample, tensor: SampleTensor, size: readonly number[]): number[] {
  const room = size.map((side, axis) => Math.max(0, (tensor.shape[axis] ?? 0) - side));
  const fits =
    tensor.shape.length === size.length &&
    size.every((side, axis) => axis === 0 || (tensor.shape[axis] as number) >= side);
  if (!fits) {
    throw new SampleError(
      'NET_SAMPLE',
      `nets: tensor of sample ${sampleName(sample)} must be at least [frames, ${size.slice(1).join(', ')}], got [${tensor.shape.join(', ')}]`,
      {
        hint: "the net's crop must fit what it reads: change `crop`, or ask for other features with `featureSettings`",
      },
    );
  }
  return room;
}

/** A crop's corner, each place equally likely. */
export function randomCorner(room: readonly number[], rng: Rng): number[] {
  return room.map((space) => (space === 0 ? 0 : rng.int(space + 1)));
}

/**
 * Corners of the crops that prediction averages: evenly spread along each axis from end to end, the middle for
 * one. Equal ones (where there is no room) are listed once, which leaves the mean as it is.
 * @param crops along time, or along each axis
 */
export function spreadCorners(room: readonly number[], crops: number | readonly number[]): number[][] {
  const counts = typeof crops === 'number' ? [crops] : crops;
  let corners: number[][] = [[]];
  room.forEach((space, axis) => {
    const count = counts[axis] ?? 1;
    const places = Array.from({ length: count }, (_, i) =>
      Math.floor(count === 1 ? space / 2 : (i * space) / (count - 1)),
    );
    corners = corners.flatMap((corner) => [...new Set(places)].map((place) => [...corner, place]));
  });
  return corners;
}

/** Copies a crop of `size` at `corner` into `out` from `offset` on, as float32. */
export function copyCrop(
  tensor: SampleTensor,
  corner: readonly number[],
  size: readonly number[],
  padding: Padding,
  out: Float32Array,
  offset: number,
): void {
  const { shape } = tensor;
  // Axes that are taken whole move as one block.
  let blockAxis = size.length;
  let block = 1;
  while (blockAxis > 1 && size[blockAxis - 1] === shape[blockAxis - 1]) block *= size[--blockAxis] as number;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const frames = shape[0] as number;
  let to = offset;
  const frameSize = size.slice(1).reduce((a, b) => a * b, 1);
  /** @param advance what `repeat` does not add to `to` itself */
  const padFrame = (repeat: () => void, advance: number): void => {
    if (padding === 'repeat') repeat();
    else out.fill(0, to, to + frameSize);
    to += padding === 'repeat' ? advance : frameSize;
  };
  const copyAxis = (axis: number, from: number): void => {
    if (axis === blockAxis) {
      copyBlock(tensor, from, block, out, to);
      to += block;
      return;
    }
    const start = corner[axis] as number;
    const side = size[axis] as number;
    if (axis === blockAxis - 1) {
      // The last axis that is cut: what exists of its rows is one run of memory.
      const rows = axis === 0 ? Math.min(side, frames - start) : side;
      copyBlock(tensor, from + start * block, rows * block, out, to);
      to += rows * block;
      for (let i = rows; i < side; i++) padFrame(() => copyBlock(tensor, (frames - 1) * block, block, out, to), block);
      return;
    }
    for (let i = 0; i < side; i++) {
      const index = axis === 0 ? Math.min(start + i, frames - 1) : start + i;
      const at = from + index * (strides[axis] as number);
      if (start + i > index) padFrame(() => copyAxis(axis + 1, at), 0);
      else copyAxis(axis + 1, at);
    }
  };
  copyAxis(0, 0);
}

function copyBlock(tensor: SampleTensor, from: number, length: number, out: Float32Array, to: number): void {
  const part = tensor.data.subarray(from, from + length);
  out.set(tensor.dtype === 'float16' ? float16ToFloat32(part as Uint16Array) : part, to);
}
