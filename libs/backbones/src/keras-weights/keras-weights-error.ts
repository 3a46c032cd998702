import { UsageError } from '@primatrix/contracts';

/**
 * A weights file cannot be used. Codes: `KERAS_MISSING` (no such file), `KERAS_NOT_HDF5`, `KERAS_TRUNCATED`,
 * `KERAS_DAMAGED` (HDF5 that does not read), `KERAS_LAYOUT` (HDF5, but not of Keras's weight layout),
 * `KERAS_VALUES` (numbers that are no weights), `KERAS_OTHER_NET` (weights of a different net).
 */
export class KerasWeightsError extends UsageError {}
