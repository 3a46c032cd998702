import { UsageError } from '@primatrix/contracts';

/** A model folder is not what it says, or cannot be read; the message names the file. */
export class ModelError extends UsageError {}
