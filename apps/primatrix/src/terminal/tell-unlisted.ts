import type { InputList } from '@primatrix/prediction';
import { exitStatus } from './exit-status.ts';
import { describeSkipped, describeUnreadable } from './format.ts';
import type { Session } from './session.ts';

/** Says on stderr which files and folders are not among the clips, and why; an unreadable folder counts as a failure. */
export function tellUnlisted({ skipped, unreadable }: InputList, session: Session): void {
  for (const line of describeUnreadable(unreadable)) process.stderr.write(`${line}\n`);
  if (unreadable.length > 0) session.status = exitStatus.failed;
  if (skipped.length > 0) process.stderr.write(`${describeSkipped(skipped)}\n`);
}
