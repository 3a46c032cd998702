import type { ExitStatus } from './exit-status.ts';

/** What a command shares with the process that runs it. */
export interface Session {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** What the process will end with, unless the command throws. */
  status: ExitStatus;
  /** Tells people what happens to the process; on stderr unless a command has it otherwise. */
  say: (text: string) => void;
}
