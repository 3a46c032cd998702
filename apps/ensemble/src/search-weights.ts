import type { EnsembleMember } from '@primatrix/families';
import { logLoss } from '@primatrix/metrics';
import { combine } from './combine.ts';

/** Whole-number weights go up to this. */
const highest = 4;
/**
 * A step must lower the loss by this share: differences below it are noise of the few clips, and keep the
 * weights equal, which is the safer choice.
 */
const worthwhile = 1e-3;

/**
 * Weights by coordinate search over whole numbers, as the original's: from equal weights, one weight at a
 * time is changed where that lowers the log loss of the out-of-fold predictions, until nothing helps.
 *
 * @param labels [rows, classes], 0 or 1
 * @returns weights by member name; they add to 1
 */
export function searchWeights(members: readonly EnsembleMember[], labels: Uint8Array, classes: number): Record<string, number> {
  const names = Array.from({ length: classes }, (_, i) => `${i}`);
  const weights = members.map(() => 1);
  const lossOf = (candidate: readonly number[]) =>
    logLoss({ classes: names, labels, predictions: combine(members, shares(members, candidate)) });
  let best = lossOf(weights);
  for (let improved = true; improved; ) {
    improved = false;
    for (let member = 0; member < weights.length; member++) {
      for (let weight = 0; weight <= highest; weight++) {
        const candidate = weights.with(member, weight);
        if (candidate.every((w) => w === 0)) continue;
        const loss = lossOf(candidate);
        if (loss < best * (1 - worthwhile)) {
          best = loss;
          weights[member] = weight;
          improved = true;
        }
      }
    }
  }
  return shares(members, weights);
}

function shares(members: readonly EnsembleMember[], weights: readonly number[]): Record<string, number> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(members.map(({ name }, i) => [name, (weights[i] ?? 0) / total]));
}
