import type { EnsembleFamily, EnsembleMember, EnsembleSettings } from '@primatrix/families';
import { packageOf } from '@primatrix/files';
import { fitIsotonic, fitTemperature } from './calibrate.ts';
import { combine } from './combine.ts';
import { coordinateWeights } from './coordinate-weights.ts';
import { MixtureLoss } from './mixture-loss.ts';
import { simplexWeights } from './simplex-weights.ts';

const { version } = packageOf(import.meta.url);

/** Searched weights and calibrations are measured, not used: why, docs/decisions/0009 says. */
const settings: EnsembleSettings = { weights: 'original', calibration: 'none', lose: [0.01, 0.02, 0.05, 0.1] };

/** The weighted mean of the second level's predictions, with the original's weights unless others are asked for. */
export const family: EnsembleFamily = {
  kind: 'ensemble',
  name: 'ensemble',
  version,
  summary: "weighted mean of the second level, with the original's weights",
  settings: { laptop: settings, competition: settings },
  weigh(how, members, labels) {
    if (how === 'original') return byName(members, originalWeights(members));
    const loss = new MixtureLoss(members, labels);
    return byName(members, how === 'coordinate' ? coordinateWeights(loss) : simplexWeights(loss));
  },
  calibrate(method, probabilities, labels, classes) {
    if (method === 'none') return { method };
    return method === 'temperature'
      ? fitTemperature(probabilities, labels)
      : fitIsotonic(probabilities, labels, classes);
  },
  combine,
};

/**
 * The original's weights: 2, 2 for XGBoost, 4, 4 for LightGBM, 2, 2 for the dense nets. Of members that are not
 * among these each counts 2.
 */
const ofStacker: Readonly<Record<string, number>> = { 'stack-xgboost': 2, 'stack-lightgbm': 4, 'stack-dense': 2 };

function originalWeights(members: readonly EnsembleMember[]): Float64Array {
  const weights = Float64Array.from(members, ({ name }) => ofStacker[name.slice(0, name.lastIndexOf('-'))] ?? 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function byName(members: readonly EnsembleMember[], weights: Float64Array): Record<string, number> {
  return Object.fromEntries(members.map(({ name }, m) => [name, weights[m] as number]));
}
