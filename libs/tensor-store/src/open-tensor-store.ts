import { UsageError } from '@primatrix/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { BlobTensorStore } from './blob-tensor-store.ts';
import { FileTensorStore } from './file-tensor-store.ts';
import { s3Blobs } from './s3-blobs.ts';
import { s3Access, S3Bucket } from './s3-bucket.ts';
import type { TensorStore } from './tensor-store.ts';

/**
 * Opens the store at a place: a folder (also `file:<path>`), `s3:<bucket>[/<folder>]`, `nats-object:<bucket>`.
 * S3 goes by the environment, as {@link s3Access} reads it.
 * @param connection for `nats-object:`
 * @param replicas of a bucket there that is yet to be made
 * @throws UsageError STORE_PLACE; TensorError TENSOR_IO
 */
export async function openTensorStore(place: string, connection?: NatsConnection, replicas = 1): Promise<TensorStore> {
  const [, scheme, rest = ''] = /^(file|s3|nats-object):(.*)$/.exec(place) ?? [];
  if (scheme === undefined || scheme === 'file') return new FileTensorStore(scheme === undefined ? place : rest);
  const [bucket = '', ...prefix] = rest.split('/');
  if (bucket === '') throw placeError(place, `${scheme}:<bucket>`);
  if (scheme === 's3') return new BlobTensorStore(s3Blobs(new S3Bucket(bucket, s3Access(place)), prefix.join('/')));
  if (connection === undefined) throw placeError(place, 'a folder or s3:<bucket> where there is no NATS server');
  // Loaded only where there is a server: most who have tensors have none.
  const { natsObjectBlobs } = await import('./nats-object-blobs.ts');
  return new BlobTensorStore(await natsObjectBlobs(connection, bucket, replicas));
}

function placeError(place: string, rule: string): UsageError {
  return new UsageError('STORE_PLACE', `tensor-store: the store must be ${rule}, got '${place}'`);
}
