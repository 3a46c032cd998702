/** What the process says at its end; a promise to scripts (see docs: command line). */
export const exitStatus = {
  done: 0,
  /** Done, but some inputs failed (each was named with its reason), or the work broke off. */
  failed: 1,
  /** Wrong use, or settings and tables that cannot be read. */
  usage: 2,
  /** Stopped by the user; what was finished is kept. */
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
