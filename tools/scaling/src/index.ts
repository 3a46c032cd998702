export { measure } from './measure.ts';
export type { MeasureOptions } from './measure.ts';
export { measurementsSchema, readMeasurements } from './measurements.ts';
export type { Measurements } from './measurements.ts';
