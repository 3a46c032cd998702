export { forkChild } from './fork-child.ts';
export type { ChildHandle, ForkOptions } from './fork-child.ts';
export { asChild } from './as-child.ts';
export type { ParentHandle } from './as-child.ts';
export { doAsChild } from './do-as-child.ts';
