export { benchTrainStep, gruStepFlops } from './train-step.ts';
export type { TrainStepBench, TrainStepBenchOptions } from './train-step.ts';
