import { AckPolicy, jetstream, jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** What the client library does by itself: publishes, consumes and acknowledges on a stream like that of work; messages a second. */
export async function clientThroughput(
  connection: NatsConnection,
  data: Uint8Array,
  {
    messages,
    publishing,
    concurrency,
  }: { readonly messages: number; readonly publishing: number; readonly concurrency: number },
): Promise<number> {
  const name = 'PRIMATRIX_BENCH';
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name,
    subjects: ['primatrix-bench'],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
  });
  try {
    await manager.consumers.add(name, {
      durable_name: 'bench',
      ack_policy: AckPolicy.Explicit,
      max_ack_pending: 50_000,
    });
    const client = jetstream(connection);
    const consumer = await client.consumers.get(name, 'bench');
    const start = performance.now();
    let handled = 0;
    let allHandled = () => {};
    const done = new Promise<void>((resolve) => (allHandled = resolve));
    const consumed = await consumer.consume({
      max_messages: concurrency,
      callback: (message) => {
        message.ack();
        if (++handled === messages) allHandled();
      },
    });
    let next = 0;
    const publisher = async () => {
      while (next < messages) await client.publish('primatrix-bench', data, { msgID: String(next++) });
    };
    await Promise.all(Array.from({ length: publishing }, publisher));
    await done;
    const seconds = (performance.now() - start) / 1000;
    consumed.stop();
    return messages / seconds;
  } finally {
    await manager.streams.delete(name);
  }
}
