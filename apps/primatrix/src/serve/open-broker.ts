import { resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { JetStreamBus } from '@primatrix/messaging';
import { openTensorStore, type TensorStore } from '@primatrix/tensor-store';
import { waitForBroker, type Patience } from './wait-for-broker.ts';

/** Where services and those who ask them meet. */
export interface Broker extends AsyncDisposable {
  readonly bus: JetStreamBus;
  readonly store: TensorStore;
}

/** Where services meet, as the command line says. */
export interface BrokerOptions {
  /** A folder, `s3:` or `nats-object:`; default the environment's PRIMATRIX_STORE, else `artifacts/store`. */
  readonly store?: string | undefined;
  /** Copies that a cluster keeps. */
  readonly replicas?: number | undefined;
}

/**
 * Connects to the server that NATS_URL names, waiting for it where it is away, and opens the store that services share.
 * @throws UsageError NATS_URL where it names none, BUS_UNREACHABLE; BusError
 */
export async function openBroker({ store: place, replicas }: BrokerOptions, patience: Patience): Promise<Broker> {
  const bus = await connectBus(replicas, patience);
  try {
    const store = await openTensorStore(placeOf(place), bus.connection, replicas);
    return { bus, store, [Symbol.asyncDispose]: () => bus.close() };
  } catch (error) {
    await bus.close();
    throw error;
  }
}

/**
 * Connects to the server that NATS_URL names, waiting for it where it is away.
 * @throws UsageError NATS_URL where it names none, BUS_UNREACHABLE; BusError
 */
export function connectBus(replicas: number | undefined, patience: Patience): Promise<JetStreamBus> {
  const url = brokerUrl(patience.command);
  return waitForBroker(
    () => JetStreamBus.connect(url, { onWait: patience.say, ...(replicas === undefined ? {} : { replicas }) }),
    patience,
  );
}

/** The server, or the servers of a cluster, that NATS_URL names. @throws UsageError NATS_URL */
export function brokerUrl(command: string): string {
  const url = process.env['NATS_URL'];
  if (url !== undefined && url !== '') return url;
  throw new UsageError('NATS_URL', `${command}: NATS_URL must name a NATS server with JetStream`, {
    hint: 'start one (nats-server -c infra/nats/jetstream.conf) and set NATS_URL=nats://127.0.0.1:4222',
  });
}

/** Opens the store alone; only one in NATS needs a server. @throws UsageError; BusError; TensorError */
export async function openStore(
  place: string | undefined,
  patience: Patience,
): Promise<AsyncDisposable & { readonly store: TensorStore }> {
  if (placeOf(place).startsWith('nats-object:')) return openBroker({ store: place }, patience);
  return { store: await openTensorStore(placeOf(place)), async [Symbol.asyncDispose]() {} };
}

function placeOf(place: string | undefined): string {
  return place ?? process.env['PRIMATRIX_STORE'] ?? resolve('artifacts/store');
}
