import { GraphBuilder } from '@primatrix/onnx';
import { product } from '../layers/layer.ts';
import type { Emitter } from './emitter.ts';

/** A value of a body: its shape is whole. */
export interface PieceValue {
  readonly id: string;
  readonly shape: readonly number[];
}

/** What lies in a cache while a piece is worked on, bytes. */
const pieceBytes = 6e6;

/**
 * Works on the items of a training step a few at a time, so that what is made in between stays in the cache and memory
 * never holds it for all. A `Scan`: its pieces are views, its outputs are written in place.
 * @param values [items, …shape] each; `shape` is without the items
 * @param itemBytes what the work writes for one item
 * @param work gets the pieces [rows of its emitter, …shape]
 * @returns the work's outputs, [pieces, …shape] each
 */
export function inPieces(
  e: Emitter,
  values: readonly PieceValue[],
  itemBytes: number,
  work: (inner: Emitter, pieces: string[]) => readonly PieceValue[],
): string[] {
  const { g } = e;
  const rows = rowsAtOnce(e.rows, itemBytes);
  if (rows === e.rows) {
    return work(
      e,
      values.map(({ id, shape }) => g.node('Reshape', [id, g.ints([rows, ...shape])])),
    ).map(({ id, shape }) => g.node('Reshape', [id, g.ints([1, ...shape])]));
  }
  const body = new GraphBuilder(g.fresh('pieces'), g);
  const pieces = values.map(({ shape }) => body.input(body.fresh('piece'), 'float32', [rows, ...shape]));
  const outputs = work(e.inside(body, rows), pieces);
  for (const { id, shape } of outputs) body.output(id, 'float32', shape);
  const cut = values.map(({ id, shape }) => g.node('Reshape', [id, g.ints([e.rows / rows, rows, ...shape])]));
  return g.nodeN('Scan', cut, outputs.length, { body: { graph: body }, num_scan_inputs: values.length });
}

/** The most items that fit and divide the whole. */
function rowsAtOnce(items: number, itemBytes: number): number {
  let rows = Math.max(1, Math.min(items, Math.floor(pieceBytes / itemBytes)));
  while (items % rows > 0) rows--;
  return rows;
}

/** Bytes of float32 values. */
export function floatBytes(shape: readonly number[]): number {
  return 4 * product(shape);
}
