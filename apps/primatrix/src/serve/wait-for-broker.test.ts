import { UsageError } from '@primatrix/contracts';
import { BusError } from '@primatrix/messaging';
import { expect, it } from 'vitest';
import { waitForBroker } from './wait-for-broker.ts';

const away = () =>
  new BusError('BUS_UNREACHABLE', 'NATS not reachable at nats://host:4222', {
    fields: { server: 'nats://host:4222' },
    cause: new Error('refused'),
  });
const patience = (change: Partial<Parameters<typeof waitForBroker>[1]> = {}) => {
  const said: string[] = [];
  return {
    said,
    command: 'serve',
    waitSeconds: 60,
    say: (text: string) => void said.push(text),
    signal: new AbortController().signal,
    ...change,
  };
};

it('tries until a server answers, and says so once each', async () => {
  const of = patience();
  let tries = 0;
  expect(await waitForBroker(async () => (++tries < 3 ? Promise.reject(away()) : 'here'), of)).toBe('here');
  expect(of.said).toEqual([
    'waiting for the broker: no NATS server at nats://host:4222 (refused); trying for 60 s',
    expect.stringMatching(/^the broker is there after \d+\.\d s$/),
  ]);
  const quiet = patience();
  await waitForBroker(async () => 'here', quiet);
  expect(quiet.said).toEqual([]);
});

it('gives up when the time is over, as wrong use', async () => {
  const error: unknown = await waitForBroker(() => Promise.reject(away()), patience({ waitSeconds: 0 })).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    code: 'BUS_UNREACHABLE',
    message: 'serve: no NATS server at nats://host:4222 within 0 s (refused)',
    hint: expect.stringContaining('NATS_URL') as string,
  });
});

it('does not wait for a server that refuses, nor after an interruption', async () => {
  const refused = new BusError('BUS_REFUSED', 'wrong password');
  await expect(waitForBroker(() => Promise.reject(refused), patience())).rejects.toBe(refused);
  const interrupt = new AbortController();
  const of = patience({ signal: interrupt.signal, say: () => interrupt.abort(new Error('stop')) });
  await expect(waitForBroker(() => Promise.reject(away()), of)).rejects.toThrow();
});
