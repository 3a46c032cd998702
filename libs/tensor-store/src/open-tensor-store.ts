import { UsageError } from '@primatrix/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { BlobTensorStore } from './blob-tensor-store.ts';
import { FileTensorStore } from './file-tensor-store.ts';
import { natsObjectBlobs } from './nats-object-blobs.ts';
import { s3Blobs } from './s3-blobs.ts';
import type { TensorStore } from './tensor-store.ts';

/**
 * Opens the store at a place: a folder (also `file:<path>`), `s3:<bucket>[/<folder>]`, `nats-object:<bucket>`.
 * S3 reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and, for other servers than Amazon's,
 * AWS_ENDPOINT_URL.
 * @param connection for `nats-object:`
 * @throws UsageError STORE_PLACE; TensorError TENSOR_IO
 */
export async function openTensorStore(place: string, connection?: NatsConnection): Promise<TensorStore> {
  const [, scheme, rest = ''] = /^(file|s3|nats-object):(.*)$/.exec(place) ?? [];
  if (scheme === undefined || scheme === 'file') return new FileTensorStore(scheme === undefined ? place : rest);
  const [bucket = '', ...prefix] = rest.split('/');
  if (bucket === '') throw placeError(place, `${scheme}:<bucket>`);
  if (scheme === 's3') return new BlobTensorStore(s3Blobs({ bucket, prefix: prefix.join('/'), ...s3Access(place) }));
  if (connection === undefined) throw placeError(place, 'a folder or s3:<bucket> where there is no NATS server');
  return new BlobTensorStore(await natsObjectBlobs(connection, bucket));
}

function s3Access(place: string) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken, AWS_REGION: region = 'us-east-1', AWS_ENDPOINT_URL: endpoint } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new UsageError('STORE_ACCESS', `tensor-store: ${place} needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`, { hint: 'set both, and AWS_ENDPOINT_URL where the server is not Amazon' });
  }
  return { accessKeyId, secretAccessKey, region, endpoint: endpoint ?? `https://s3.${region}.amazonaws.com`, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function placeError(place: string, rule: string): UsageError {
  return new UsageError('STORE_PLACE', `tensor-store: the store must be ${rule}, got '${place}'`);
}
