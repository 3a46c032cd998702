/**
 * Runs `work` for every item, at most `width` at once, starting in order. The first failure stops new
 * starts; those under way are waited for, then the failure is thrown.
 */
export async function forEachConcurrently<T>(
  items: readonly T[],
  width: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  // The lanes share one iterator: each takes the next item when it is free.
  const queue = items.values();
  let stopped = false;
  const lane = async () => {
    for (const item of queue) {
      if (stopped) return;
      try {
        signal.throwIfAborted();
        await work(item);
      } catch (error) {
        stopped = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, lane));
  const failed = lanes.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
