import type { EnsembleMember } from '@primatrix/families';
import { MetricsError } from '@primatrix/metrics';

/** As the log loss clips. */
const smallest = 1e-15;

/** Loss and slope at one set of weights. */
export interface Slope {
  readonly loss: number;
  /** [members]. */
  readonly gradient: Float64Array;
  /** [members, members], symmetric, positive semidefinite. */
  readonly curvature: Float64Array;
}

/**
 * The log loss of a weighted mean as a function of the weights, which add to 1. As they do, 1 - mean is the weighted
 * mean of 1 - p, so every cell is the logarithm of a mixture and the loss is convex.
 */
export class MixtureLoss {
  readonly members: number;
  private readonly probabilities: readonly Float64Array[];
  private readonly labels: Uint8Array;

  /** @throws MetricsError where a member's probabilities do not fit the labels */
  constructor(members: readonly EnsembleMember[], labels: Uint8Array) {
    const misfit = members.find((member) => member.probabilities.length !== labels.length);
    if (misfit !== undefined || members.length === 0) {
      throw new MetricsError(
        'METRICS_SHAPE',
        `ensemble: members must have ${labels.length} probabilities each, got ${misfit?.probabilities.length ?? 'no member'}`,
        { fields: { member: misfit?.name ?? null } },
      );
    }
    this.members = members.length;
    this.probabilities = members.map((member) => member.probabilities);
    this.labels = labels;
  }

  /** @param weights [members], adding to 1 */
  at(weights: ArrayLike<number>): number {
    let sum = 0;
    for (let cell = 0; cell < this.labels.length; cell++) {
      sum -= Math.log(Math.max(smallest, this.mixture(weights, cell)));
    }
    return sum / this.labels.length;
  }

  slopeAt(weights: ArrayLike<number>): Slope {
    const { members, labels } = this;
    const gradient = new Float64Array(members);
    const curvature = new Float64Array(members * members);
    const ratio = new Float64Array(members);
    let loss = 0;
    for (let cell = 0; cell < labels.length; cell++) {
      const mixture = Math.max(smallest, this.mixture(weights, cell));
      loss -= Math.log(mixture);
      for (let m = 0; m < members; m++) {
        ratio[m] = this.chanceOf(m, cell) / mixture;
        gradient[m] = (gradient[m] as number) - (ratio[m] as number);
        for (let n = 0; n <= m; n++) {
          curvature[m * members + n] =
            (curvature[m * members + n] as number) + (ratio[m] as number) * (ratio[n] as number);
        }
      }
    }
    const cells = labels.length;
    for (let m = 0; m < members; m++) {
      for (let n = 0; n <= m; n++) {
        const value = (curvature[m * members + n] as number) / cells;
        curvature[m * members + n] = value;
        curvature[n * members + m] = value;
      }
    }
    return { loss: loss / cells, gradient: gradient.map((sum) => sum / cells), curvature };
  }

  private mixture(weights: ArrayLike<number>, cell: number): number {
    let sum = 0;
    for (let m = 0; m < this.members; m++) sum += (weights[m] as number) * this.chanceOf(m, cell);
    return sum;
  }

  /** What the member gave to what came true. */
  private chanceOf(member: number, cell: number): number {
    const p = (this.probabilities[member] as Float64Array)[cell] as number;
    return this.labels[cell] === 1 ? p : 1 - p;
  }
}
