export { checkGradients } from './check-gradients.ts';
export type { GradientCheck } from './check-gradients.ts';
export { conformanceChecks, ConformanceError, learnableSamples, netConformance } from './net-conformance.ts';
export type { ConformanceCheck, ConformanceOptions } from './net-conformance.ts';
