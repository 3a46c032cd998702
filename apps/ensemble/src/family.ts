import { createRequire } from 'node:module';
import type { EnsembleFamily } from '@primatrix/families';
import { combine } from './combine.ts';
import { searchWeights } from './search-weights.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/**
 * The original's weights: 2, 2 for XGBoost, 4, 4 for LightGBM, 2, 2 for the dense nets. Of members that are not
 * among these each counts 2.
 */
const originalWeights: Readonly<Record<string, number>> = { 'stack-xgboost': 2, 'stack-lightgbm': 4, 'stack-dense': 2 };

/** The weighted mean of the second level's predictions, with the original's weights unless others are asked for. */
export const family: EnsembleFamily = {
  kind: 'ensemble',
  name: 'ensemble',
  version,
  summary: "weighted mean of the second level, with the original's weights",
  defaultWeights,
  searchWeights,
  combine,
};

function defaultWeights(members: readonly string[]): Record<string, number> {
  const weights = members.map((member) => originalWeights[member.slice(0, member.lastIndexOf('-'))] ?? 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(members.map((member, i) => [member, (weights[i] ?? 0) / total]));
}
