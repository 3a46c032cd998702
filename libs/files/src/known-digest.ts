import { stat } from 'node:fs/promises';
import { sha256File } from './digest.ts';

/** Digests by path, with what the system said of the file when it was read. */
const known = new Map<string, { readonly stamp: string; readonly digest: Promise<string> }>();

/**
 * sha256 of a file, as {@link sha256File}; of one that this process has read before and that the system says has not
 * been touched since, it is remembered: stages of a training ask for the same files again and again.
 * @throws the system's error
 */
export async function knownDigest(path: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  const stamp = [size, mtimeNs, ctimeNs, ino].join(' ');
  const before = known.get(path);
  if (before?.stamp === stamp) return before.digest;
  const digest = sha256File(path);
  known.set(path, { stamp, digest });
  digest.catch(() => known.delete(path));
  return digest;
}
