/**
 * Runs two pieces of work at once. Where one fails the other is told to stop and waited for, then the failure is thrown.
 * @throws the signal's reason after an abort, else the first failure
 */
export async function together<A, B>(
  signal: AbortSignal,
  one: (signal: AbortSignal) => Promise<A>,
  other: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const failing = new AbortController();
  const linked = AbortSignal.any([signal, failing.signal]);
  const orStop = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await work(linked);
    } catch (error) {
      // The first failure is the reason: what the other says after it is only that it was stopped.
      failing.abort(error);
      throw error;
    }
  };
  const [first, second] = await Promise.allSettled([orStop(one), orStop(other)]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  signal.throwIfAborted();
  throw failing.signal.reason;
}
