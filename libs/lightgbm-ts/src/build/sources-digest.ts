import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Bytes } from '@primatrix/files';
import { patches } from './patches.ts';
import type { Sources } from './sources.ts';

/** 64 hexadecimal digits that change with any source file, header, or change that we make to one. */
export async function sourcesDigest({ root }: Sources): Promise<string> {
  const parts: string[] = [JSON.stringify(patches)];
  const files: string[] = [];
  for (const folder of ['src', 'include']) {
    const entries = await readdir(join(root, folder), { recursive: true });
    files.push(...entries.map((entry) => join(folder, entry)).filter((entry) => /\.(cpp|hpp|h)$/.test(entry)));
  }
  for (const file of files.sort()) parts.push(file, sha256Bytes(await readFile(join(root, file))));
  return sha256Bytes(parts.join('\n'));
}
