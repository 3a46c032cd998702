import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Blobs } from './blobs.ts';
import { TensorError } from './tensor-error.ts';
import type { TensorOrigin } from './tensor-error.ts';

/** Files as objects of a bucket of the NATS object store, which is made where it is missing, with so many replicas. */
export async function natsObjectBlobs(connection: NatsConnection, bucket: string, replicas: number): Promise<Blobs> {
  const nameOf = (path: string) => `nats-object:${bucket}/${path}`;
  const attempt = async <T>(rule: string, origin: TensorOrigin, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof TensorError
        ? error
        : new TensorError('TENSOR_IO', `${rule}: ${error instanceof Error ? error.message : String(error)}`, origin, {
            cause: error,
          });
    }
  };
  const objects = await attempt('the bucket cannot be opened', { file: nameOf('') }, () =>
    new Objm(connection).create(bucket, { replicas }),
  );
  return {
    scheme: 'nats-object',
    nameOf,
    async write(path, parts, { bytes }, origin) {
      await attempt('cannot be written', origin, async () => {
        const data = new Uint8Array(bytes);
        let offset = 0;
        for (const part of parts) {
          data.set(part, offset);
          offset += part.byteLength;
        }
        await objects.putBlob({ name: path }, data);
      });
    },
    read: (path, check, origin) =>
      attempt('cannot be read', origin, async () => {
        const info = await objects.info(path);
        if (info === null || info.deleted) {
          throw new TensorError('TENSOR_MISSING', 'no such object', origin, { hint: 'run the stage that makes it' });
        }
        check(info.size);
        const data = await objects.getBlob(path);
        if (data === null) throw new TensorError('TENSOR_MISSING', 'no such object', origin);
        return data;
      }),
    async *list(under) {
      const infos = await attempt('cannot be listed', { file: nameOf(under) }, () => objects.list());
      for (const { name, size, mtime, deleted } of infos) {
        if (!deleted && name.startsWith(`${under}/`)) yield { path: name, bytes: size, modifiedAt: new Date(mtime) };
      }
    },
    remove: (path) =>
      attempt('cannot be removed', { file: nameOf(path) }, async () => void (await objects.delete(path))),
    size: (path) =>
      attempt('cannot be read', { file: nameOf(path) }, async () => {
        const info = await objects.info(path);
        return info === null || info.deleted ? undefined : info.size;
      }),
  };
}
