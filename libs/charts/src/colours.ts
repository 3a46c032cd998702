/** Colours of the page; where there is none (a file of its own), those of the light one. */
export const ink = 'var(--ink, #1b1f24)';
/** See {@link ink}. */
export const soft = 'var(--soft, #59636e)';
/** See {@link ink}. */
export const line = 'var(--line, #d4dad7)';
/** See {@link ink}. */
export const brand = 'var(--brand, #1f6f54)';
/** See {@link ink}. */
export const paper = 'var(--paper, #ffffff)';
