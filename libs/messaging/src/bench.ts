import type { Message } from '@primatrix/contracts';
import type { Bus } from './bus.ts';
import { messageIdOf } from './wire-message.ts';

/** Messages a second, and what they were measured with. */
export interface BusThroughput {
  readonly messages: number;
  readonly messageBytes: number;
  readonly seconds: number;
  /** Published, consumed and acknowledged, all going on at once. */
  readonly messagesPerSecond: number;
}

/**
 * Publishes small messages, `publishing` of them at a time, while one consumer with `concurrency` handlers takes and
 * acknowledges them; ends when the last one is handled. `run` tells runs against one server apart.
 */
export async function measureThroughput(
  bus: Bus,
  run: string,
  { messages = 20_000, publishing = 256, concurrency = 256 }: { messages?: number; publishing?: number; concurrency?: number } = {},
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

  const start = performance.now();
  let handled = 0;
  let allHandled = () => {};
  const done = new Promise<void>((resolve) => (allHandled = resolve));
  const consumption = await bus.consume({ filter: parts, durable: 'bench', concurrency }, async () => {
    if (++handled === messages) allHandled();
  });
  let next = 0;
  const publisher = async () => {
    while (next < messages) await bus.publish(messageOf(next++));
  };
  await Promise.all(Array.from({ length: publishing }, publisher));
  await done;
  const seconds = (performance.now() - start) / 1000;
  await consumption.stop();
  const messageBytes = JSON.stringify(messageOf(0)).length;
  return { messages, messageBytes, seconds, messagesPerSecond: messages / seconds };
}
