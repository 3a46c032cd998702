export { sampleClasses } from './animals/species.ts';
export type { SampleClass } from './animals/species.ts';
export { describeSample } from './describe.ts';
export { SampleFolderError } from './errors.ts';
export { makeSampleDataset } from './make-sample-dataset.ts';
export type { SampleOptions, SampleProgress, SampleSummary } from './make-sample-dataset.ts';
export { planSample } from './plan.ts';
export type { ClipPlan, SampleDamage } from './plan.ts';
export type { SampleSplit } from './visits.ts';
