import type { MixtureLoss, Slope } from './mixture-loss.ts';

/** The loss found is at most this far above the least that any weights reach. */
export const simplexTolerance = 1e-9;
const mostSteps = 200;

/**
 * The weights of least log loss among all that are not negative and add to 1. Newton's method on the simplex: each step
 * minimises the quadratic model there and goes as far towards it as the loss falls (sequential quadratic programming for
 * mixture proportions: Kim, Carbonetto, Stephens and Anitescu, 2020). It starts from equal weights and draws nothing.
 *
 * As the loss is convex, the least of it is no lower than at w by more than the largest -gradient less the weighted one:
 * it stops where that is within {@link simplexTolerance}.
 * @returns [members], adding to 1
 */
export function simplexWeights(loss: MixtureLoss): Float64Array {
  let weights = new Float64Array(loss.members).fill(1 / loss.members);
  for (let step = 0; step < mostSteps; step++) {
    const slope = loss.slopeAt(weights);
    if (gapOf(slope, weights) <= simplexTolerance) break;
    const target = quadraticMinimum(slope, weights);
    const descent = slope.gradient.reduce((sum, g, m) => sum + g * ((target[m] as number) - (weights[m] as number)), 0);
    const along = (share: number) => weights.map((w, m) => w + share * ((target[m] as number) - w));
    let share = 1;
    while (share > 1e-10 && loss.at(along(share)) > slope.loss + 1e-4 * share * descent) share /= 2;
    // No further fall that a double can show.
    if (share <= 1e-10) break;
    weights = along(share);
  }
  return weights;
}

function gapOf({ gradient }: Slope, weights: Float64Array): number {
  return gradient.reduce((sum, g, m) => sum + g * (weights[m] as number), 0) - Math.min(...gradient);
}

/** Minimises the quadratic model over the simplex by moving weight between the two members that gain most by it. */
function quadraticMinimum({ gradient, curvature }: Slope, from: Float64Array): Float64Array {
  const members = from.length;
  const at = (m: number, n: number) => curvature[m * members + n] as number;
  const weights = Float64Array.from(from);
  const slope = Float64Array.from(gradient);
  for (let move = 0; move < 1000 * members; move++) {
    let [gains, loses] = [0, -1];
    for (let m = 0; m < members; m++) {
      if ((slope[m] as number) < (slope[gains] as number)) gains = m;
      if ((weights[m] as number) > 0 && (loses < 0 || (slope[m] as number) > (slope[loses] as number))) loses = m;
    }
    const steepness = (slope[loses] as number) - (slope[gains] as number);
    if (steepness <= 1e-13) break;
    const bend = at(gains, gains) + at(loses, loses) - 2 * at(gains, loses);
    const most = weights[loses] as number;
    const moved = bend > 0 ? Math.min(most, steepness / bend) : most;
    weights[gains] = (weights[gains] as number) + moved;
    weights[loses] = moved === most ? 0 : most - moved;
    for (let m = 0; m < members; m++) slope[m] = (slope[m] as number) + moved * (at(m, gains) - at(m, loses));
  }
  return weights;
}
