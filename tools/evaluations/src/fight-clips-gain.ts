import { siteGroups } from '@primatrix/dataset';
import type { NetPredictions } from '@primatrix/feature-table';
import { standardError } from '@primatrix/metrics';
import type { FightClip } from './fight-clips-dataset.ts';
import { rightlyTold, scorePredictions, summariseScores } from './fight-clips-scores.ts';

/** A score over seeds, and what it is more than another; JSON. Standard errors by bootstrap over the source videos. */
export interface FightGain extends ReturnType<typeof summariseScores> {
  readonly standardError: number | null;
  /** Accuracy more than the other's, the same clips compared one by one. */
  readonly gain: number;
  readonly gainStandardError: number | null;
}

/**
 * @param runs predictions of all clips, one a seed
 * @param before of the same seeds, without what is judged
 */
export function gainOf(
  clips: readonly FightClip[],
  runs: readonly NetPredictions[],
  before: readonly NetPredictions[],
): FightGain {
  const { groupOf: groups } = siteGroups(clips);
  const right = meanOf(runs.map((run) => rightlyTold(clips, run)));
  const rightBefore = meanOf(before.map((run) => rightlyTold(clips, run)));
  const gains = right.map((own, clip) => own - (rightBefore[clip] as number));
  return {
    ...summariseScores(runs.map((run) => scorePredictions(clips, run))),
    standardError: standardError(right, { groups }),
    gain: gains.reduce((sum, gain) => sum + gain, 0) / gains.length,
    gainStandardError: standardError(gains, { groups }),
  };
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length);
}
