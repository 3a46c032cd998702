import type { RefitCard } from '@primatrix/prediction';
import type { RefitComparison, RefitResult } from '@primatrix/review-api';
import type { RefitEntry } from './refit-log.ts';

type Comparison = RefitCard['scores']['training'];

/** What pages show of a re-fit's card. */
export function refitResult(
  { corrections, folds, scores }: RefitCard,
  { at, seconds }: Pick<RefitEntry, 'at' | 'seconds'>,
): RefitResult {
  return {
    at,
    seconds,
    corrections,
    folds,
    training: shown(scores.training),
    reviewed: scores.reviewed === null ? null : shown(scores.reviewed),
  };
}

function shown({ clips, groups, classes, before, after, gain }: Comparison): RefitComparison {
  const figure = (of: 'logLoss' | 'accuracy') => ({
    before: before[of],
    beforeError: before.standardError[of],
    after: after[of],
    afterError: after.standardError[of],
  });
  return {
    clips,
    groups,
    classes,
    logLoss: figure('logLoss'),
    accuracy: figure('accuracy'),
    gain: { value: gain.gain, error: gain.standardError },
  };
}
