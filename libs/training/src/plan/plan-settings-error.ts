import { UsageError } from '@primatrix/contracts';

/** The families, profile or dataset asked for do not make a pipeline. */
export class PlanSettingsError extends UsageError {}
