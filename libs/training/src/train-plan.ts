import { bundleStage } from './ensemble/bundle.ts';
import { ensembleStage } from './ensemble/ensemble.ts';
import { FeatureExtraction } from './features/feature-extraction.ts';
import { featuresStage } from './features/features.ts';
import { foregroundStage, isForeground } from './features/foreground.ts';
import { ingestStage } from './ingest/ingest.ts';
import { predictStage, validateStage } from './nets/net-predictions.ts';
import { trainFoldStage } from './nets/train-fold.ts';
import type { Stage } from './plan/stage.ts';
import { familySet, type Training } from './plan/training.ts';
import { reportStage } from './report/report.ts';
import { neighboursStage } from './second-level/neighbours.ts';
import { stackStage } from './second-level/stack.ts';
import { tableStage } from './second-level/table.ts';
import { siteCheckStages } from './site-check/site-check.ts';

/** All stages of a training, from the clips to the bundle; each knows what it needs. */
export function trainPlan(training: Training): Stage[] {
  const { features, nets, stacks } = familySet(training.families, training.profile);
  const extraction = new FeatureExtraction(
    training,
    features.filter((family) => !isForeground(family)),
  );
  const folds = Array.from({ length: training.folds }, (_, i) => i + 1);
  return [
    ingestStage(training),
    ...features.map((family) =>
      isForeground(family) ? foregroundStage(training, family) : featuresStage(training, family, extraction),
    ),
    ...nets.flatMap((net) => [
      ...folds.map((fold) => trainFoldStage(training, net, fold)),
      validateStage(training, net),
      predictStage(training, net),
    ]),
    neighboursStage(training),
    tableStage(training),
    ...stacks.flatMap((family) =>
      Object.keys(family.variants[training.profile]).map((variant) => stackStage(training, family, variant)),
    ),
    ...siteCheckStages(training),
    ensembleStage(training),
    bundleStage(training),
    reportStage(training),
  ];
}
