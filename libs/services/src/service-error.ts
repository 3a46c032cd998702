import { PrimatrixError } from '@primatrix/contracts';

/** A service, or who asks one, cannot go on: wrong payload, unknown part, no answer. */
export class ServiceError extends PrimatrixError {}
