export { boosterConformance } from './booster.ts';
export { datasetConformance } from './dataset.ts';
export type { BoostingLibrary, TestedBooster, TestedDataset } from './library.ts';
export { objectiveConformance } from './objectives.ts';
export { noisyClasses } from './problems.ts';
export { trainingConformance } from './training.ts';
