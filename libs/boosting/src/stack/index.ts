export { boosterModel, openBoosterTables } from './booster-tables.ts';
export type {
  BoosterDataset,
  BoosterLibrary,
  BoosterTable,
  BoosterTraining,
  TrainedBooster,
} from './booster-tables.ts';
export { columnNames } from './column-names.ts';
export { lastPositiveClass } from './last-positive-class.ts';
export { OneVsRest } from './one-vs-rest.ts';
export { fitTrees, loadTrees, stackTargets } from './tree-stack.ts';
export type { StackTarget } from './tree-stack.ts';
export type { LoadModel, OpenTables, TreeTables, TreeTarget } from './tree-tables.ts';
export { readTreeSettings } from './tree-settings.ts';
export type { TreeSettings } from './tree-settings.ts';
