import { PrimatrixError } from '@primatrix/contracts';

/** A backbone is declared in a way that the compiler does not know, or weights do not go with it (code `BACKBONE_SPEC`), or it breaks a promise (`BACKBONE_CONFORMANCE`). */
export class BackboneError extends PrimatrixError {}

/**
 * Stored or downloaded weights cannot be used. Codes: `WEIGHTS_DOWNLOAD` (the network gave no file),
 * `WEIGHTS_SIZE`, `WEIGHTS_DIGEST` (it gave another file), `WEIGHTS_CORRUPT` (what is stored is not what its card says).
 */
export class WeightsError extends PrimatrixError {}
