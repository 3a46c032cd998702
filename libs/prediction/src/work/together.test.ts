import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { together } from './together.ts';

const signal = new AbortController().signal;
/** Ends with the signal's reason only. */
const untilStopped = (stop: AbortSignal) => sleep(60_000, undefined, { signal: stop });

describe('together', () => {
  it('gives both results, of work that needs the other to go on', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    expect(
      await together(
        signal,
        () => gate.then(() => 1),
        async () => (open(), 2),
      ),
    ).toEqual([1, 2]);
  });

  it.each(['one', 'other'])(
    'stops and waits for what is left where %s fails, and throws that failure',
    async (side) => {
      const fault = new Error('broken');
      let stopped = false;
      const fails = () => Promise.reject(fault);
      const waits = async (stop: AbortSignal) => {
        await untilStopped(stop).catch(() => undefined);
        await sleep(5);
        stopped = true;
        throw new Error('stopped');
      };
      const work = side === 'one' ? together(signal, fails, waits) : together(signal, waits, fails);
      await expect(work).rejects.toBe(fault);
      expect(stopped).toBe(true);
    },
  );

  it('throws the reason of an abort', async () => {
    const reason = new Error('enough');
    const stopping = new AbortController();
    const work = together(stopping.signal, untilStopped, untilStopped);
    stopping.abort(reason);
    await expect(work).rejects.toBe(reason);
  });
});
