import type { PreparationOptions } from '@primatrix/families';
import { Progress } from './terminal/progress.ts';
import type { Session } from './terminal/session.ts';

/**
 * Does what may prepare families, with a bar for as long as one of them has something to make ready: some minutes, once a
 * machine.
 */
export async function whilePreparing<T>(
  session: Session,
  work: (options: PreparationOptions) => Promise<T>,
): Promise<T> {
  const bars = new Map<string, Progress>();
  const result = await work({
    signal: session.signal,
    onProgress({ name, fraction, note }) {
      const bar = bars.get(name) ?? new Progress(`prepare ${name} (once)`);
      bars.set(name, bar);
      bar.update(fraction, note);
    },
  });
  for (const [name, bar] of bars) bar.finish(`${name} is ready`);
  return result;
}
