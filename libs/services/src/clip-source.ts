import { stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FileRef, Message } from '@primatrix/contracts';
import { sha256File } from '@primatrix/files';
import { ServiceError } from './service-error.ts';

/** Refers to a clip where it lies: services must reach it under the same path (one machine, or a shared disk). */
export async function clipRef(path: string): Promise<FileRef> {
  const [{ size }, sha256] = await Promise.all([stat(path), sha256File(path)]);
  return { uri: pathToFileURL(path).href, sha256, bytes: size };
}

/**
 * Path of the clip that a request is about.
 * @throws ServiceError CLIP_REF where the request names none, or one that lies elsewhere
 */
export function clipPath(request: Message): string {
  const ref = request.payload.files['clip'];
  if (ref === undefined) throw new ServiceError('CLIP_REF', `services: ${request.stage} ${request.family}: a request must name its clip`);
  if (!ref.uri.startsWith('file:///')) throw new ServiceError('CLIP_REF', `services: a clip must lie at file:///<path>, got ${ref.uri}`);
  return fileURLToPath(ref.uri);
}
