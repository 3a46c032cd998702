import { stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FileRef, Message } from '@primatrix/contracts';
import { sha256File } from '@primatrix/files';
import { isS3 } from '@primatrix/tensor-store';
import type { ClipCache } from './clip-cache.ts';
import { ServiceError } from '../service-error.ts';

/**
 * Refers to a clip where it lies: in an object store, or at a path that services must reach too (one machine, or a shared disk).
 * @throws ClipError where an object is not there; ServiceError CLIP_ACCESS; Error where a file cannot be read
 */
export async function clipRef(path: string, cache: ClipCache): Promise<FileRef> {
  if (isS3(path)) return cache.refer(path);
  const [{ size }, sha256] = await Promise.all([stat(path), sha256File(path)]);
  return { uri: pathToFileURL(path).href, sha256, bytes: size };
}

/**
 * Does work on the file of the clip that a request is about; one of an object store is fetched first.
 * @throws ServiceError CLIP_REF where the request names none, or one that lies elsewhere; what the cache and the work throw
 */
export async function withClip<T>(request: Message, cache: ClipCache, work: (path: string) => Promise<T>): Promise<T> {
  const ref = request.payload.files['clip'];
  if (ref === undefined) {
    throw new ServiceError('CLIP_REF', `services: ${request.stage} ${request.family}: a request must name its clip`);
  }
  if (isS3(ref.uri)) return cache.use(ref, work);
  if (!ref.uri.startsWith('file:///')) {
    throw new ServiceError(
      'CLIP_REF',
      `services: a clip must lie at file:///<path> or s3://<bucket>/<key>, got ${ref.uri}`,
    );
  }
  return work(fileURLToPath(ref.uri));
}
