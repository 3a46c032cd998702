import type { Emitter } from '../graph/emitter.ts';
import { range, type Window } from './convolve.ts';
import { product } from './layer.ts';

/** How the gradient of a kernel is computed: as one product of matrices an item. */
export interface KernelGradient {
  /** Bytes that one item's product takes. */
  readonly itemBytes: number;
  /** Rows and columns of the product. */
  readonly shape: readonly [number, number];
  /** x [items, in, …input] and dy [items, out, …output] as products [items, …shape]. */
  multiply(e: Emitter, x: string, dy: string): string;
  /** The sum of all products, as a kernel in Keras' layout. */
  arrange(e: Emitter, sum: string): string;
}

/** One factor of the product, the layer's input or its output's gradient, and the axes along which it is shifted. */
interface Side {
  readonly channels: number;
  /** Places shown along each axis; 1 where this side is not shifted. */
  readonly shifts: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Sides as they are, and as the product takes them. */
  readonly space: readonly number[];
  readonly shown: readonly number[];
  /** Where place `k` begins along an axis, once there are zeros around. */
  readonly start: (axis: number, k: number) => number;
  readonly strides: readonly number[];
}

/** Nanoseconds a value on one core: cut and joined (on one thread whatever there are), gathered, packed for a product. */
const costs = { sliced: 0.8, gathered: 0.2, packed: 0.33 } as const;
/** 10^9 operations a second of a product of at most 16 columns, and of more. */
const rates = { narrow: 126, wide: 265 } as const;

/**
 * dw[k] = sum over p of x[p s + k - before] dy[p]: for each place k of the kernel, the input shifted by it times the
 * output's gradient, or the input times the gradient shifted the other way. Each axis is shifted on the side where
 * that is cheaper by the costs above: all places then come out of one product, of fewer copies than one side alone
 * would take (3 * 9 places of a 3x3x3 kernel by 3 copies of one side and 9 of the other).
 */
export function kernelGradient(channels: readonly [number, number], w: Window): KernelGradient {
  const axes = range(w.kernel.length);
  const moving = axes.filter((axis) => (w.kernel[axis] as number) > 1 || (w.strides[axis] as number) > 1);
  let best: { cost: number; sides: readonly [Side, Side]; first: 0 | 1 } | undefined;
  for (const choice of range(2 ** moving.length)) {
    const onInput = (axis: number): boolean => !moving.includes(axis) || (choice >> moving.indexOf(axis)) % 2 === 0;
    // Zeros between the places of a gradient would be needed.
    if (moving.some((axis) => !onInput(axis) && (w.strides[axis] as number) > 1)) continue;
    const sides = [inputSide(channels[0], w, onInput), gradientSide(channels[1], w, (axis) => !onInput(axis))] as const;
    for (const first of [0, 1] as const) {
      const cost = sideCost(sides[0]) + sideCost(sides[1]) + productCost(sides[first], sides[1 - first] as Side);
      if (best === undefined || cost < best.cost) best = { cost, sides, first };
    }
  }
  const { sides, first } = best as NonNullable<typeof best>;
  const [a, b] = [sides[first], sides[1 - first] as Side];
  return {
    itemBytes: 4 * (rowsOf(a) + rowsOf(b)) * product(a.shown),
    shape: [rowsOf(a), rowsOf(b)],
    multiply(e, x, dy) {
      const [left, right] = first === 0 ? [x, dy] : [dy, x];
      return e.g.node(
        'FusedMatMul',
        [shifted(e, left, a), shifted(e, right, b)],
        { transB: 1 },
        { domain: 'com.microsoft' },
      );
    },
    arrange(e, sum) {
      const { g } = e;
      // Rows are [last axis' places, channels, other axes' places] of a, columns those of b.
      const last = axes.length - 1;
      const sizes = [a, b].flatMap((side) => [
        side.shifts[last] as number,
        side.channels,
        ...side.shifts.slice(0, last),
      ]);
      const width = axes.length + 1;
      /** Where an axis' places are found: on the side that has more than one of them. */
      const placeOf = (axis: number): number => {
        const within = axis === last ? 0 : axis + 2;
        return (sizes[within] as number) > 1 ? within : width + within;
      };
      const wanted = [...axes.map(placeOf), first === 0 ? 1 : width + 1, first === 0 ? width + 1 : 1];
      const rest = range(sizes.length).filter((place) => !wanted.includes(place));
      const moved = g.node('Transpose', [g.node('Reshape', [sum, g.ints(sizes)])], { perm: [...rest, ...wanted] });
      return g.node('Reshape', [moved, g.ints([...w.kernel, ...channels])]);
    },
  };
}

function inputSide(channels: number, w: Window, moves: (axis: number) => boolean): Side {
  const own = (values: readonly number[], otherwise: number) =>
    values.map((value, axis) => (moves(axis) ? value : otherwise));
  return {
    channels,
    space: w.input,
    strides: w.strides,
    shifts: own(w.kernel, 1),
    before: own(w.before, 0),
    after: own(w.after, 0),
    shown: w.input.map((side, axis) => (moves(axis) ? (w.output[axis] as number) : side)),
    start: (_axis, k) => k,
  };
}

function gradientSide(channels: number, w: Window, moves: (axis: number) => boolean): Side {
  const own = (values: readonly number[], otherwise: number) =>
    values.map((value, axis) => (moves(axis) ? value : otherwise));
  const kernel = (axis: number): number => w.kernel[axis] as number;
  const before = (axis: number): number => w.before[axis] as number;
  return {
    channels,
    space: w.output,
    strides: w.kernel.map(() => 1),
    shifts: own(w.kernel, 1),
    before: own(
      w.kernel.map((k, axis) => k - 1 - before(axis)),
      0,
    ),
    after: own(
      w.output.map((side, axis) => (w.input[axis] as number) + before(axis) - side),
      0,
    ),
    shown: w.output.map((side, axis) => (moves(axis) ? (w.input[axis] as number) : side)),
    start: (axis, k) => (moves(axis) ? kernel(axis) - 1 - k : 0),
  };
}

const rowsOf = (side: Side): number => side.channels * product(side.shifts);

function sideCost(side: Side): number {
  const last = side.shifts.at(-1) as number;
  const positions = product(side.shown);
  return (
    positions *
    ((last > 1 ? costs.sliced * last * side.channels : 0) +
      (product(side.shifts) > last ? costs.gathered * rowsOf(side) : 0))
  );
}

function productCost(a: Side, b: Side): number {
  const columns = 16 * Math.ceil(rowsOf(b) / 16);
  const flops = 2 * rowsOf(a) * columns;
  return product(a.shown) * (flops / (columns > 16 ? rates.wide : rates.narrow) + costs.packed * rowsOf(b));
}

/** [items, channels, …space] as [items, last axis' places * channels * other axes' places, positions]. */
function shifted(e: Emitter, value: string, side: Side): string {
  const { g } = e;
  const { space, shown, shifts, strides, before, after, channels } = side;
  const rank = space.length;
  const last = rank - 1;
  const pads = [0, 0, ...before, 0, 0, ...after];
  let moved = pads.some((zeros) => zeros > 0) ? g.node('Pad', [value, g.ints(pads)]) : value;
  const padded = space.map((length, axis) => length + (before[axis] as number) + (after[axis] as number));
  const isWhole = (axis: number): boolean => shifts[axis] === 1 && shown[axis] === padded[axis];

  if (!isWhole(last)) {
    const cut = range(shifts[last] as number).map((k) => {
      const from = side.start(last, k);
      const to = from + ((shown[last] as number) - 1) * (strides[last] as number) + 1;
      return g.node('Slice', [
        moved,
        g.ints([from]),
        g.ints([to]),
        g.ints([last + 2]),
        g.ints([strides[last] as number]),
      ]);
    });
    moved = cut.length === 1 ? (cut[0] as string) : g.node('Concat', cut, { axis: 1 });
  }
  if (!range(last).every(isWhole)) {
    const rows = e.reshape(moved, [
      (shifts[last] as number) * channels,
      product(padded.slice(0, last)),
      shown[last] as number,
    ]);
    moved = g.node('Gather', [rows, g.ints(gatheredRows(side, padded))], { axis: 2 });
  }
  return e.reshape(moved, [rowsOf(side), product(shown)]);
}

/** Which rows of the last axis make the shifted copies along the other axes, place by place: an index into those axes as one. */
function gatheredRows({ shown, shifts, strides, start }: Side, padded: readonly number[]): number[] {
  const leading = range(padded.length - 1);
  const places = leading.reduce<number[][]>(
    (all, axis) => all.flatMap((place) => range(shifts[axis] as number).map((k) => [...place, k])),
    [[]],
  );
  return places.flatMap((place) =>
    place.reduce<number[]>(
      (rows, k, axis) =>
        rows.flatMap((row) =>
          range(shown[axis] as number).map(
            (p) => row * (padded[axis] as number) + start(axis, k) + p * (strides[axis] as number),
          ),
        ),
      [0],
    ),
  );
}
