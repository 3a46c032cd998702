import type { Message } from '@primatrix/contracts';
import { clientThroughput } from './bench-client.ts';
import type { Bus } from './bus.ts';
import { JetStreamBus } from './jetstream-bus.ts';
import { encodeMessage, messageIdOf } from './wire-message.ts';

/** Messages a second, and what they were measured with. */
export interface BusThroughput {
  readonly messages: number;
  readonly messageBytes: number;
  readonly seconds: number;
  /** Published, consumed and acknowledged, all going on at once. */
  readonly messagesPerSecond: number;
  /** Of the whole seconds, by messages acknowledged within each; null where it took less than one. */
  readonly medianSecond: number | null;
  readonly lowestSecond: number | null;
  /** The same server by its client library alone, with messages of the same size; null in process. */
  readonly clientPerSecond: number | null;
  /** The bus to its client library, 1 where validating, dead letters and heartbeats cost nothing; null in process. */
  readonly ratio: number | null;
}

/** How much is sent: messages in all, those that wait for the server's receipt at once, and those handled at once. */
export interface ThroughputOptions {
  /** Default 300,000: more than ten seconds of what a server can take. */
  readonly messages?: number;
  readonly publishing?: number;
  readonly concurrency?: number;
}

/**
 * Publishes small messages, `publishing` of them at a time, while one consumer with `concurrency` handlers takes and
 * acknowledges them; ends when the last one is handled. `run` tells runs against one server apart.
 */
export async function measureThroughput(
  bus: Bus,
  run: string,
  { messages = 300_000, publishing = 256, concurrency = 256 }: ThroughputOptions = {},
): Promise<BusThroughput> {
  const parts = { stage: 'features', family: 'bench', event: 'requested' } as const;
  const messageOf = (index: number): Message => ({
    schemaVersion: 1,
    id: messageIdOf({ ...parts, inputs: [run, index], settings: null }),
    ...parts,
    datasetId: 'bench',
    clipId: null,
    producer: { name: '@primatrix/messaging', version: '0.0.0', modelDigest: null },
    payload: { tensors: {}, files: {} },
    failure: null,
    timings: {},
  });
  const { data } = encodeMessage(messageOf(0));
  const client = async () =>
    bus instanceof JetStreamBus
      ? clientThroughput(bus.connection, data, { messages: Math.ceil(messages / 6), publishing, concurrency })
      : null;

  // Before and after: what the machine does besides falls on both.
  const before = await client();
  let handled = 0;
  let allHandled = () => {};
  const done = new Promise<void>((resolve) => (allHandled = resolve));
  const bySecond: number[] = [];
  let start = Infinity;
  const consumption = await bus.consume({ filter: parts, durable: 'bench', concurrency }, async () => {
    const second = Math.floor((performance.now() - start) / 1000);
    bySecond[second] = (bySecond[second] ?? 0) + 1;
    if (++handled === messages) allHandled();
  });
  start = performance.now();
  let next = 0;
  const publisher = async () => {
    while (next < messages) await bus.publish(messageOf(next++));
  };
  await Promise.all(Array.from({ length: publishing }, publisher));
  await done;
  const seconds = (performance.now() - start) / 1000;
  await consumption.stop();
  const after = await client();

  const whole = Array.from({ length: Math.floor(seconds) }, (_, second) => bySecond[second] ?? 0).sort((a, b) => a - b);
  const messagesPerSecond = messages / seconds;
  const clientPerSecond = before === null || after === null ? null : (before + after) / 2;
  return {
    messages,
    messageBytes: data.byteLength,
    seconds,
    messagesPerSecond,
    medianSecond: whole[Math.floor(whole.length / 2)] ?? null,
    lowestSecond: whole[0] ?? null,
    clientPerSecond,
    ratio: clientPerSecond === null ? null : messagesPerSecond / clientPerSecond,
  };
}
