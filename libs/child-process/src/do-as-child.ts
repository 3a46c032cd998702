import { PrimatrixError } from '@primatrix/contracts';
import { asChild, type ParentHandle } from './as-child.ts';

/**
 * A whole module that `forkChild` starts: does one thing, tells the parent where it fails, and ends. The message of a
 * failure is for people, with the hint behind it.
 */
export async function doAsChild<Settings, From>(
  work: (parent: ParentHandle<Settings, From>) => Promise<void>,
): Promise<void> {
  const parent = asChild<Settings, From | { readonly type: 'failed'; readonly message: string }>();
  try {
    await work(parent as ParentHandle<Settings, From>);
  } catch (error) {
    const hint = error instanceof PrimatrixError && error.hint !== undefined ? ` (${error.hint})` : '';
    await parent.send({ type: 'failed', message: `${error instanceof Error ? error.message : String(error)}${hint}` });
  }
  if (process.connected) process.disconnect();
}
