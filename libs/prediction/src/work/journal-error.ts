import { PrimatrixError } from '@primatrix/contracts';

/** A journal of work that was interrupted cannot be read. Codes: `JOURNAL_UNREADABLE`. */
export class JournalError extends PrimatrixError {}
