import { UsageError } from '@primatrix/contracts';

/** An engine is not installed (`ENGINE_MISSING`), or does not know a layer of the net (`ENGINE_LAYER`). */
export class EngineError extends UsageError {}
