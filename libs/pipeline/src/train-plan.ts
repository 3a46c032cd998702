import { FeatureExtraction } from './feature-extraction.ts';
import type { Stage } from './plan/stage.ts';
import { bundleStage } from './stages/bundle.ts';
import { ensembleStage } from './stages/ensemble.ts';
import { featuresStage } from './stages/features.ts';
import { ingestStage } from './stages/ingest.ts';
import { neighboursStage } from './stages/neighbours.ts';
import { predictStage, validateStage } from './stages/net-predictions.ts';
import { reportStage } from './stages/report.ts';
import { siteCheckStages } from './stages/site-check.ts';
import { stackStage } from './stages/stack.ts';
import { tableStage } from './stages/table.ts';
import { trainFoldStage } from './stages/train-fold.ts';
import { familySet, type Training } from './training.ts';

/** All stages of a training, from the clips to the bundle; each knows what it needs. */
export function trainPlan(training: Training): Stage[] {
  const { features, nets, stacks } = familySet(training.families, training.profile);
  const extraction = new FeatureExtraction(training, features);
  const folds = Array.from({ length: training.folds }, (_, i) => i + 1);
  return [
    ingestStage(training),
    ...features.map((family) => featuresStage(training, family, extraction)),
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
