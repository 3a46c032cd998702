export type { NetBench } from './measure-net.ts';
export { netFlops } from './net-flops.ts';
export type { NetFlops } from './net-flops.ts';
export { benchNets, NetBenchError } from './nets.ts';
export type { NetsBenchOptions, NetToBench } from './nets.ts';
export type { Times } from './times.ts';
export { benchTrainStep } from './train-step.ts';
export type { TrainStepBench, TrainStepBenchOptions } from './train-step.ts';
