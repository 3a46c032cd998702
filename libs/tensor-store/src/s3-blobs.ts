import type { Blobs } from './blobs.ts';
import { S3Refusal, type S3Bucket } from './s3-bucket.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';

/** Files as objects of S3-compatible storage. @param prefix folder within the bucket; empty for none */
export function s3Blobs(bucket: S3Bucket, prefix: string): Blobs {
  const folder = prefix
    .split('/')
    .filter((part) => part !== '')
    .map((part) => `${part}/`)
    .join('');
  const nameOf = (path: string) => `s3://${bucket.bucket}/${folder}${path}`;
  const request = async (path: string, origin: TensorOrigin, init: RequestInit): Promise<Response> => {
    try {
      return await bucket.request(`${folder}${path}`, init);
    } catch (error) {
      throw ioError(`no answer from ${bucket.endpoint}`, origin, error);
    }
  };
  return {
    scheme: 's3',
    nameOf,
    async write(path, parts, { sha256, bytes }, origin) {
      // Signed with the content's digest: the server refuses what was changed on the way.
      const answer = await request(path, origin, {
        method: 'PUT',
        body: new Blob(parts as Uint8Array<ArrayBuffer>[]),
        headers: { 'X-Amz-Content-Sha256': sha256, 'Content-Length': String(bytes) },
      });
      const text = await answer.text();
      if (!answer.ok) throw refused('written', new S3Refusal(answer.status, text), origin);
    },
    async read(path, check, origin) {
      const answer = await request(path, origin, { method: 'GET' });
      if (!answer.ok) {
        const refusal = new S3Refusal(answer.status, await answer.text());
        throw refusal.status === 404 ? missing(refusal, origin) : refused('read', refusal, origin);
      }
      try {
        check(Number(answer.headers.get('Content-Length')));
      } catch (error) {
        await answer.body?.cancel();
        throw error;
      }
      try {
        return new Uint8Array(await answer.arrayBuffer());
      } catch (error) {
        throw ioError('the connection broke off', origin, error);
      }
    },
    async size(path) {
      const origin = { file: nameOf(path) };
      const answer = await request(path, origin, { method: 'HEAD' });
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw refused('read', new S3Refusal(answer.status, ''), origin);
      return Number(answer.headers.get('Content-Length'));
    },
    async *list(under) {
      try {
        for await (const { key, bytes, modifiedAt } of bucket.list(`${folder}${under}/`)) {
          yield { path: key.slice(folder.length), bytes, modifiedAt };
        }
      } catch (error) {
        const origin = { file: nameOf(`${under}/`) };
        throw error instanceof S3Refusal
          ? refused('listed', error, origin)
          : ioError(`no answer from ${bucket.endpoint}`, origin, error);
      }
    },
    async remove(path) {
      const origin = { file: nameOf(path) };
      const answer = await request(path, origin, { method: 'DELETE' });
      const text = await answer.text();
      if (!answer.ok && answer.status !== 404) throw refused('removed', new S3Refusal(answer.status, text), origin);
    },
  };
}

function missing({ code }: S3Refusal, origin: TensorOrigin): TensorError {
  if (code === 'NoSuchBucket') return ioError('there is no such bucket', origin);
  return new TensorError('TENSOR_MISSING', 'no such object', origin, { hint: 'run the stage that makes it' });
}

function refused(
  action: 'read' | 'written' | 'listed' | 'removed',
  refusal: S3Refusal,
  origin: TensorOrigin,
): TensorError {
  return ioError(`cannot be ${action}: ${refusal.message}`, origin, refusal);
}

function ioError(rule: string, origin: TensorOrigin, cause?: unknown): TensorError {
  return new TensorError('TENSOR_IO', rule, origin, { cause });
}
