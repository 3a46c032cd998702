import { UsageError } from '@primatrix/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { FileTensorStore } from './file-tensor-store.ts';
import type { TensorStore } from './tensor-store.ts';

/**
 * Opens the store at a place: a folder (also `file:<path>`), `s3:<bucket>[/<prefix>]`, `nats-object:<bucket>`.
 * @param connection for `nats-object:`
 * @throws UsageError STORE_PLACE
 */
export async function openTensorStore(place: string, _connection?: NatsConnection): Promise<TensorStore> {
  const [, scheme, rest = ''] = /^([a-z0-9-]{2,}):(.*)$/.exec(place) ?? [];
  if (scheme === undefined || scheme === 'file') return new FileTensorStore(scheme === undefined ? place : rest);
  throw new UsageError('STORE_PLACE', `tensor-store: a store must be a folder, s3:<bucket> or nats-object:<bucket>, got '${place}'`);
}
