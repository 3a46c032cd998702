import { reliability } from '@primatrix/metrics';
import type { ReportReliability } from '@primatrix/report';
import { readEnsembleCalibration } from '../ensemble/ensemble-files.ts';
import type { ScoredMember } from './scored-members.ts';

/** Names for people. */
const names = { none: 'without calibration', temperature: 'temperature', isotonic: 'isotonic' } as const;

/** Whether the ensemble's probabilities come true, with each calibration that was tried. */
export async function reportReliability(artifacts: string, ensemble: ScoredMember): Promise<ReportReliability> {
  const { perClass } = reliability(ensemble);
  const { applied, methods } = await readEnsembleCalibration(artifacts);
  const width = ensemble.classes.length;
  const meanOf = (values: ArrayLike<number>, c: number) =>
    Array.from({ length: values.length / width }, (_, row) => values[row * width + c] ?? 0).reduce(
      (sum, x) => sum + x,
      0,
    ) /
    (values.length / width);
  return {
    curves: (['none', 'temperature', 'isotonic'] as const).map((method) => {
      const { logLoss, reliability: found } = methods[method].nested;
      return { name: names[method], applied: method === applied, logLoss, curve: found.overall };
    }),
    perClass: ensemble.classes.map((name, c) => ({
      name,
      meanPredicted: meanOf(ensemble.predictions, c),
      observed: meanOf(ensemble.labels, c),
      expectedCalibrationError: perClass[c]?.expectedCalibrationError ?? 0,
    })),
  };
}
