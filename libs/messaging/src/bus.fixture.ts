import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { natsServerAvailable, startNatsServer, type NatsServer } from '@primatrix/testkit';
import { InProcessBus, JetStreamBus, type Bus, type BusOptions } from './index.ts';

/** One kind of bus under test. */
export interface BusKind {
  readonly name: string;
  readonly available: boolean;
  /** Once before and after all cases. */
  begin(): Promise<void>;
  end(): Promise<void>;
  /** An empty bus. */
  open(options: BusOptions): Promise<Bus>;
  /** Puts any bytes on a subject, past all checks. */
  inject(bus: Bus, subject: string, data: Uint8Array): Promise<void>;
}

const inProcess: BusKind = {
  name: 'InProcessBus',
  available: true,
  begin: async () => {},
  end: async () => {},
  open: async (options) => new InProcessBus(options),
  inject: async (bus, subject, data) =>
    void (await (bus as InProcessBus).accept(subject, Buffer.from(data).toString('hex'), data)),
};

let server: NatsServer;
let raw: NatsConnection;
const onJetStream: BusKind = {
  name: 'JetStreamBus',
  available: natsServerAvailable(),
  begin: async () => {
    server = await startNatsServer();
    raw = await connect({ servers: server.url });
  },
  end: async () => {
    await raw.close();
    await server.stop();
  },
  open: async (options) => {
    const manager = await jetstreamManager(raw);
    for await (const name of manager.streams.names()) await manager.streams.delete(name);
    return JetStreamBus.connect(server.url, options);
  },
  inject: async (_bus, subject, data) => {
    raw.publish(subject, data);
    await raw.flush();
  },
};

/** Both kinds of bus; every promise is kept by either. */
export const busKinds: readonly BusKind[] = [inProcess, onJetStream];
