import { UsageError } from '@primatrix/contracts';

/**
 * The second level cannot be fitted again with what was given. Codes:
 * `REFIT_TRAINING` no training beside the bundle, one of an earlier version, or another bundle's;
 * `REFIT_NOTHING` no correction that can be learned from; `REFIT_CLASSES` species that the bundle does not know;
 * `REFIT_ONE_CLASS` all labels are of one class; `REFIT_CLIP` a clip that nobody has predicted;
 * `REFIT_RECORDS`, `REFIT_PROJECT` records or a project of another bundle, or none; `REFIT_OUT` the new bundle's place is taken.
 */
export class RefitError extends UsageError {}
