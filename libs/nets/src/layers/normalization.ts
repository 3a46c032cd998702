import type { Emitter } from '../graph/emitter.ts';
import { inPieces } from '../graph/pieces.ts';
import type { LayerOf } from '../layer-spec.ts';
import type { Value } from '../graph/value.ts';
import { product } from './layer.ts';

/** Values of a channel in a step. x is [items, channels, …space] throughout this file. */
export const countOf = (e: Emitter, x: Value): number => e.rows * product(x.shape.slice(0, -1));

/** Mean and population variance of each channel, from sums and sums of squares in one reading. */
export function channelMoments(e: Emitter, x: Value): { readonly mean: string; readonly variance: string } {
  const { g } = e;
  const [sums, squares] = channelTotals(e, x, x.id, x.id);
  const share = g.floats(1 / countOf(e, x));
  const mean = g.node('Mul', [sums, share]);
  // Rounding may leave less than nothing of channels that do not vary.
  const variance = g.node('Relu', [g.node('Sub', [g.node('Mul', [squares, share]), g.node('Mul', [mean, mean])])]);
  return { mean, variance };
}

/** Reports the moving statistics' new values. */
export function moveStatistics(spec: LayerOf<'BatchNormalization'>, e: Emitter, mean: string, variance: string): void {
  const { g } = e;
  const moved = (old: string, now: string) =>
    g.node('Add', [g.node('Mul', [old, g.floats(spec.momentum)]), g.node('Mul', [now, g.floats(1 - spec.momentum)])]);
  e.update('moving_mean', moved(e.weight('moving_mean'), mean));
  e.update('moving_variance', moved(e.weight('moving_variance'), variance));
}

/** [channels] each. */
export interface NormalizationSums {
  /** Sums of dy and of dy x. */
  readonly dy: string;
  readonly products: string;
  readonly mean: string;
  /** 1 / sqrt(variance + epsilon), and gamma times it. */
  readonly r: string;
  readonly scale: string;
  readonly count: number;
}

/**
 * Reports the gradients of gamma and beta. With x^ = (x - mean) r: dgamma = sum(dy x^), dbeta = sum(dy),
 * dx = scale (dy - dbeta/m - x^ dgamma/m) = scale dy + shift - slope x.
 * @returns slope and shift, [channels]
 */
export function reportNormalization(
  e: Emitter,
  { dy, products, mean, r, scale, count }: NormalizationSums,
): { readonly slope: string; readonly shift: string } {
  const { g } = e;
  const dgamma = g.node('Mul', [g.node('Sub', [products, g.node('Mul', [mean, dy])]), r]);
  e.gradient('gamma', dgamma);
  e.gradient('beta', dy);
  const share = g.floats(1 / count);
  const slope = g.node('Mul', [g.node('Mul', [g.node('Mul', [scale, r]), dgamma]), share]);
  return {
    slope,
    shift: g.node('Sub', [g.node('Mul', [slope, mean]), g.node('Mul', [g.node('Mul', [scale, dy]), share])]),
  };
}

/** scale dy + shift - slope x, a channel of an item at a time; dy is scaled already where `scale` is left out. */
export function normalizationInputGradient(
  e: Emitter,
  x: Value,
  dy: string,
  of: { readonly scale?: string; readonly slope: string; readonly shift: string },
): string {
  const { g } = e;
  const { channels, positions, rows } = rowsOf(e, x);
  const perRow = (value: string) => ({
    id: g.node('Reshape', [g.node('Expand', [value, g.ints([e.rows, channels])]), g.ints([-1, 1])]),
    shape: [1],
  });
  const large = [dy, x.id].map((id) => ({ id, shape: [positions] }));
  const small = [of.slope, of.shift, ...(of.scale === undefined ? [] : [of.scale])].map(perRow);
  const [dx] = inPieces(rows, [...large, ...small], 16 * positions, (inner, [dys, xs, slope, shift, scale]) => {
    const node = (op: string, a: string, b: string) => inner.g.node(op, [a, b]);
    const dense = node('Sub', shift as string, node('Mul', xs as string, slope as string));
    return [
      {
        id: node('Add', scale === undefined ? (dys as string) : node('Mul', dys as string, scale), dense),
        shape: [inner.rows, positions],
      },
    ];
  });
  return e.reshape(dx as string, [channels, ...x.shape.slice(0, -1)]);
}

/** Sums of `a` and of `a * b` over all but channels, [channels] each; both are as large as x. */
export function channelTotals(e: Emitter, x: Value, a: string, b: string): [sums: string, products: string] {
  const { g } = e;
  const { channels, positions, rows } = rowsOf(e, x);
  const totals = inPieces(
    rows,
    [...new Set([a, b])].map((id) => ({ id, shape: [1, positions] })),
    8 * positions,
    (inner, [as, bs = as]) => [
      { id: inner.g.node('ReduceSum', [as as string, inner.g.ints([1, 2])], { keepdims: 0 }), shape: [inner.rows] },
      // A row times a row makes no products in between.
      {
        id: inner.g.node('FusedMatMul', [as as string, bs as string], { transB: 1 }, { domain: 'com.microsoft' }),
        shape: [inner.rows, 1, 1],
      },
    ],
  );
  return totals.map((total) =>
    g.node('ReduceSum', [g.node('Reshape', [total, g.ints([-1, channels])]), g.ints([0])], { keepdims: 0 }),
  ) as [string, string];
}

/** Every channel of every item a row. */
function rowsOf(
  e: Emitter,
  x: Value,
): { readonly channels: number; readonly positions: number; readonly rows: Emitter } {
  const channels = x.shape.at(-1) as number;
  return { channels, positions: product(x.shape.slice(0, -1)), rows: e.repeated(channels) };
}
