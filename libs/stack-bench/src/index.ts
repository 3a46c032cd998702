export type { Library } from './bench-run.ts';
export { benchStack } from './bench-stack.ts';
export type { LibraryBench, Side, StackBench, StackBenchOptions } from './bench-stack.ts';
