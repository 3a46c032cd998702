import { basename, dirname, join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { describeHolder, takeLock } from '@primatrix/files';

/**
 * Keeps a result to one program at a time: two that work towards the same one would overwrite each other's hours.
 * @param command is named to the next one
 * @throws UsageError OUT_IN_USE
 */
export async function lockOut(command: string, out: string): Promise<AsyncDisposable> {
  const lock = await takeLock(join(dirname(out), `.${basename(out)}.lock`), command);
  if (lock.held) return lock;
  throw new UsageError(
    'OUT_IN_USE',
    `${command}: ${out} is being made by another program: ${describeHolder(lock.holder)}`,
    { hint: 'wait for it, stop it (what it has finished is kept), or name another file with --out' },
  );
}
