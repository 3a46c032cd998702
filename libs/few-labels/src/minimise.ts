/** A function's value and gradient at a point. */
export interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Steps whose curvature is remembered. */
const memory = 10;
/** Of the fall that the gradient promises, the least that a step must bring (Armijo). */
const leastFall = 1e-4;
const halvings = 30;

/**
 * Minimises a smooth convex function by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5) with steps that are halved
 * until the value falls.
 * @param start where to begin; is not changed
 * @param tolerance largest partial derivative at which it is done
 * @returns the point: where it is not done after `rounds`, the best so far
 */
export async function minimise(
  slopeAt: (point: Float64Array) => Promise<Slope>,
  start: Float64Array,
  { tolerance, rounds, signal }: { readonly tolerance: number; readonly rounds: number; readonly signal?: AbortSignal },
): Promise<Float64Array> {
  const steps: { readonly moved: Float64Array; readonly turned: Float64Array; readonly rho: number }[] = [];
  let point = start;
  let here = await slopeAt(point);
  for (let round = 0; round < rounds; round++) {
    signal?.throwIfAborted();
    if (here.gradient.every((slope) => Math.abs(slope) <= tolerance)) break;
    const direction = descent(here.gradient, steps);
    const fall = dot(direction, here.gradient);
    let length = steps.length === 0 ? 1 / Math.max(1, Math.sqrt(-fall)) : 1;
    let next: Float64Array | undefined;
    let there = here;
    for (let halving = 0; halving < halvings; halving++, length /= 2) {
      const tried = point.map((value, i) => value + length * (direction[i] as number));
      there = await slopeAt(tried);
      if (there.value <= here.value + leastFall * length * fall) {
        next = tried;
        break;
      }
    }
    // As low as the precision of the numbers goes.
    if (next === undefined) break;
    const from = point;
    const before = here.gradient;
    const moved = next.map((value, i) => value - (from[i] as number));
    const turned = there.gradient.map((slope, i) => slope - (before[i] as number));
    const curvature = dot(moved, turned);
    if (curvature > 0) steps.push({ moved, turned, rho: 1 / curvature });
    if (steps.length > memory) steps.shift();
    [point, here] = [next, there];
  }
  return point;
}

/** The downhill direction: the gradient, turned by what is remembered of the curvature. */
function descent(
  gradient: Float64Array,
  steps: readonly { readonly moved: Float64Array; readonly turned: Float64Array; readonly rho: number }[],
): Float64Array {
  const q = Float64Array.from(gradient);
  const shares = new Float64Array(steps.length);
  for (let i = steps.length - 1; i >= 0; i--) {
    const { moved, turned, rho } = steps[i] as (typeof steps)[number];
    const share = rho * dot(moved, q);
    shares[i] = share;
    turned.forEach((value, j) => (q[j] = (q[j] as number) - share * value));
  }
  const last = steps.at(-1);
  const scale = last === undefined ? 1 : 1 / (last.rho * dot(last.turned, last.turned));
  q.forEach((value, j) => (q[j] = scale * value));
  steps.forEach(({ moved, turned, rho }, i) => {
    const share = (shares[i] as number) - rho * dot(turned, q);
    moved.forEach((value, j) => (q[j] = (q[j] as number) + share * value));
  });
  return q.map((value) => -value);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
