import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A file's digest as npm's lockfiles write it: `sha512-` and base64. */
export async function sha512Integrity(path: string): Promise<string> {
  return `sha512-${createHash('sha512')
    .update(await readFile(path))
    .digest('base64')}`;
}
