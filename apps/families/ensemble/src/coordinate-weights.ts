import type { MixtureLoss } from './mixture-loss.ts';

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
 * @returns [members], adding to 1
 */
export function coordinateWeights(loss: MixtureLoss): Float64Array {
  const weights = new Array<number>(loss.members).fill(1);
  let best = loss.at(shares(weights));
  // What was no better than a higher loss is no better than a lower one: each is computed once.
  const tried = new Set([`${weights}`]);
  for (let improved = true; improved;) {
    improved = false;
    for (let member = 0; member < weights.length; member++) {
      for (let weight = 0; weight <= highest; weight++) {
        const candidate = weights.with(member, weight);
        if (candidate.every((w) => w === 0) || tried.has(`${candidate}`)) continue;
        tried.add(`${candidate}`);
        const found = loss.at(shares(candidate));
        if (found < best * (1 - worthwhile)) {
          best = found;
          weights[member] = weight;
          improved = true;
        }
      }
    }
  }
  return shares(weights);
}

function shares(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float64Array.from(weights, (weight) => weight / total);
}
