import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '@primatrix/contracts';
import { BusError } from '@primatrix/messaging';

/** Pauses between tries, milliseconds: the first, doubled up to the longest. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;

export interface Patience {
  /** The command that waits, for its words. */
  readonly command: string;
  readonly waitSeconds: number;
  /** Told once when it has to wait, and once when that was worth it. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Connects, and while no server answers tries again: whoever starts broker and services together need not start them in
 * order. What the server itself refuses is not tried again.
 * @throws UsageError BUS_UNREACHABLE when the time is over; the signal's reason; BusError
 */
export async function waitForBroker<T>(
  connect: () => Promise<T>,
  { command, waitSeconds, say, signal }: Patience,
): Promise<T> {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
    try {
      const connected = await connect();
      if (pauseMs > firstPauseMs) say(`the broker is there after ${elapsed().toFixed(1)} s`);
      return connected;
    } catch (error) {
      if (!(error instanceof BusError) || error.code !== 'BUS_UNREACHABLE') throw error;
      signal.throwIfAborted();
      const left = waitSeconds - elapsed();
      const reason = error.cause instanceof Error ? ` (${error.cause.message})` : '';
      const address = String(error.fields['server']);
      if (left <= 0) {
        throw new UsageError(
          'BUS_UNREACHABLE',
          `${command}: no NATS server at ${address} within ${waitSeconds} s${reason}`,
          {
            cause: error,
            hint: 'start one (nats-server -c infra/nats/jetstream.conf), or set NATS_URL to where it is; --wait says how long to wait',
          },
        );
      }
      if (pauseMs === firstPauseMs) {
        say(`waiting for the broker: no NATS server at ${address}${reason}; trying for ${waitSeconds} s`);
      }
      await sleep(Math.min(pauseMs, 1000 * left), undefined, { signal });
    }
  }
}
