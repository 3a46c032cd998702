import { resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { JetStreamBus, type BusOptions } from '@primatrix/messaging';
import { openTensorStore, type TensorStore } from '@primatrix/tensor-store';

/** Where services and those who ask them meet. */
export interface Broker extends AsyncDisposable {
  readonly bus: JetStreamBus;
  readonly store: TensorStore;
}

/**
 * Connects to the server that NATS_URL names, and opens the store that services share.
 * @param place a folder, `s3:` or `nats-object:`; default the environment's PRIMATRIX_STORE, else `artifacts/store`
 * @throws UsageError NATS_URL where it names none; BusError
 */
export async function openBroker(command: string, place: string | undefined, options: BusOptions = {}): Promise<Broker> {
  const url = process.env['NATS_URL'];
  if (url === undefined || url === '') {
    throw new UsageError('NATS_URL', `${command}: NATS_URL must name a NATS server with JetStream`, { hint: 'start one (nats-server -c infra/nats/jetstream.conf) and set NATS_URL=nats://127.0.0.1:4222' });
  }
  const bus = await JetStreamBus.connect(url, options);
  try {
    const store = await openTensorStore(placeOf(place), bus.connection);
    return { bus, store, [Symbol.asyncDispose]: () => bus.close() };
  } catch (error) {
    await bus.close();
    throw error;
  }
}

/** Opens the store alone; only one in NATS needs a server. @throws UsageError; BusError; TensorError */
export async function openStore(command: string, place: string | undefined): Promise<AsyncDisposable & { readonly store: TensorStore }> {
  if (placeOf(place).startsWith('nats-object:')) return openBroker(command, place);
  return { store: await openTensorStore(placeOf(place)), async [Symbol.asyncDispose]() {} };
}

function placeOf(place: string | undefined): string {
  return place ?? process.env['PRIMATRIX_STORE'] ?? resolve('artifacts/store');
}
