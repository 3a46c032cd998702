import { connect } from '@nats-io/transport-node';

/** Messages and bytes of one kind. */
export interface Traffic {
  messages: number;
  bytes: number;
}

/** Kinds of messages by their subject; the first that fits counts. What the broker hands out of its streams is `deliveries`. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['requests', /^primatrix\.v1\.[^.]+\.[^.]+\.requested\./],
  ['announcements', /^primatrix\.v1\.[^.]+\.[^.]+\.(ready|failed)$/],
  ['answersKept', /^\$KV\.primatrix-v1-answers\./],
  ['stateWrites', /^\$KV\./],
  ['stateReads', /^\$JS\.API\.(STREAM\.MSG\.GET|DIRECT\.GET)\.KV_/],
  ['acknowledgements', /^\$JS\.ACK\./],
  ['pulls', /^\$JS\.API\.CONSUMER\.MSG\.NEXT\./],
  ['replies', /^_INBOX\./],
];

/** Listens to everything on a server and counts it by kind until it is stopped. Not for timing: it makes the broker send all of it twice. */
export async function tapMessages(url: string): Promise<{ counts(): Record<string, Traffic>; stop(): Promise<void> }> {
  const connection = await connect({ servers: url });
  const counted = new Map<string, Traffic>();
  connection.subscribe('>', {
    callback: (error, { subject, data, reply = '' }) => {
      if (error !== null) return;
      // Handed out of a stream, a message has its own subject still, and where to acknowledge it.
      const kind = reply.startsWith('$JS.ACK.')
        ? 'deliveries'
        : (kinds.find(([, pattern]) => pattern.test(subject))?.[0] ?? 'other');
      const traffic = counted.get(kind) ?? { messages: 0, bytes: 0 };
      counted.set(kind, { messages: traffic.messages + 1, bytes: traffic.bytes + data.byteLength });
    },
  });
  await connection.flush();
  return {
    counts: () => Object.fromEntries([...counted].map(([kind, traffic]) => [kind, { ...traffic }])),
    stop: () => connection.close(),
  };
}
