import { UsageError } from '@primatrix/contracts';
import type { Calibration, EnsembleMember } from '@primatrix/families';
import { applyCalibration } from './calibrate.ts';

/**
 * Weighted mean of the members' probabilities, [rows, classes], then calibrated.
 * @throws UsageError `ENSEMBLE_MEMBER` where a member with a weight is not there, or lengths differ
 */
export function combine(
  members: readonly EnsembleMember[],
  weights: Readonly<Record<string, number>>,
  calibration: Calibration = { method: 'none' },
): Float64Array {
  const length = members[0]?.probabilities.length ?? 0;
  const mean = new Float64Array(length);
  for (const [name, weight] of Object.entries(weights)) {
    if (weight === 0) continue;
    const member = members.find((candidate) => candidate.name === name);
    if (member?.probabilities.length !== length) {
      throw new UsageError(
        'ENSEMBLE_MEMBER',
        `ensemble: member '${name}' must have ${length} probabilities, got ${member?.probabilities.length ?? 'none'}`,
      );
    }
    const { probabilities } = member;
    for (let i = 0; i < length; i++) mean[i] = (mean[i] as number) + weight * (probabilities[i] as number);
  }
  // Weights add to 1 but for rounding, which can lift a mean of ones above 1.
  return applyCalibration(
    mean.map((p) => Math.min(1, p)),
    calibration,
  );
}
