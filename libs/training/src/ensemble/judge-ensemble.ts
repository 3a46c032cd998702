import { calibrationMethods, weighings, type EnsembleFamily, type EnsembleSettings } from '@primatrix/families';
import {
  accuracy,
  brierScore,
  logLoss,
  lossGain,
  MetricsError,
  reliability,
  skipThreshold,
  standardErrors,
  type ScoredPredictions,
} from '@primatrix/metrics';
import type { SiteGroups } from '@primatrix/dataset';
import type { EnsembleThresholds, Scores } from '@primatrix/prediction';
import type { EnsembleCalibration, EnsembleWeights } from './ensemble-files.ts';
import { nestedPredictions, type EnsembleClips } from './nested-ensemble.ts';

/** The ensemble on its out-of-fold predictions. */
export interface EnsembleJudgement {
  /** [clips, classes] final, and honest where weights or calibration are learnt. */
  readonly predictions: Float64Array;
  readonly weights: EnsembleWeights;
  readonly calibration: EnsembleCalibration;
  readonly thresholds: EnsembleThresholds;
}

/**
 * Finds weights, calibrations and thresholds in every way there is and scores each in nested folds; the settings say
 * which are used. The same input and seed give the same judgement.
 */
export function judgeEnsemble(
  ensemble: EnsembleFamily,
  clips: EnsembleClips,
  {
    settings,
    classes,
    sites,
    seed,
  }: {
    readonly settings: EnsembleSettings;
    readonly classes: readonly string[];
    readonly sites: SiteGroups;
    readonly seed: number;
  },
): EnsembleJudgement {
  const bootstrap = { groups: sites.groupOf, seed };
  const scoredOf = (predictions: Float64Array): ScoredPredictions => ({ classes, predictions, labels: clips.labels });
  const scoresOf = (predictions: Float64Array): Scores => {
    const scored = scoredOf(predictions);
    return { logLoss: logLoss(scored), accuracy: accuracy(scored), standardError: standardErrors(scored, bootstrap) };
  };
  const weigh = (how: EnsembleSettings['weights']) => ensemble.weigh(how, clips.members, clips.labels, classes.length);
  const known = new Map<string, Float64Array>();
  const nested = ({ weights, calibration }: Pick<EnsembleSettings, 'weights' | 'calibration'>): Float64Array => {
    const found =
      known.get(`${weights} ${calibration}`) ?? nestedPredictions(ensemble, clips, { weights, calibration });
    known.set(`${weights} ${calibration}`, found);
    return found;
  };
  const original = nested({ weights: 'original', calibration: 'none' });
  const predictions = nested(settings);
  const weights = weigh(settings.weights);
  const mean = ensemble.combine(clips.members, weights);
  const uncalibrated = nested({ ...settings, calibration: 'none' });
  return {
    predictions,
    weights: {
      used: { weights: settings.weights, calibration: settings.calibration },
      weights,
      clips: clips.folds.length,
      groups: { by: sites.bySite ? 'site' : 'clip', count: sites.groups },
      outOfFold: scoresOf(predictions),
      members: Object.fromEntries(clips.members.map((member) => [member.name, scoresOf(member.probabilities)])),
      weighings: forEach(weighings, (how) => {
        const found = weigh(how);
        const honest = nested({ weights: how, calibration: 'none' });
        return {
          weights: found,
          flattered: scoresOf(ensemble.combine(clips.members, found)),
          nested: scoresOf(honest),
          gain: lossGain(scoredOf(original), honest, bootstrap),
        };
      }),
    },
    calibration: {
      applied: settings.calibration,
      methods: forEach(calibrationMethods, (method) => {
        const honest = nested({ ...settings, calibration: method });
        const scored = scoredOf(honest);
        return {
          fitted: ensemble.calibrate(method, mean, clips.labels, classes.length),
          nested: { ...scoresOf(honest), brierScore: brierScore(scored), reliability: reliability(scored) },
          gain: lossGain(scoredOf(uncalibrated), honest, bootstrap),
        };
      }),
    },
    thresholds: thresholdsOf(scoredOf(predictions), settings.lose, bootstrap),
  };
}

function thresholdsOf(
  scored: ScoredPredictions,
  targets: readonly number[],
  bootstrap: Parameters<typeof standardErrors>[1],
): EnsembleThresholds {
  try {
    return { answers: targets.map((lose) => skipThreshold(scored, { ...bootstrap, lose })), note: '' };
  } catch (error) {
    // A dataset of sounds has no class "blank": there is nothing to skip by, which is no fault.
    if (error instanceof MetricsError && error.code === 'METRICS_ARGUMENT') return { answers: [], note: error.message };
    throw error;
  }
}

function forEach<const K extends string, V>(keys: readonly K[], of: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<K, V>;
}
