import { readFile } from 'node:fs/promises';
import { PrimatrixError } from '@primatrix/contracts';
import { readElf } from './elf.ts';
import type { LibraryContents } from './library-contents.ts';
import { readMachO } from './mach-o.ts';
import { readPe } from './pe.ts';

/**
 * What system and processor a shared library is for, and the names it offers: read from its bytes, so that a library
 * that this machine cannot load can be checked here.
 * @throws PrimatrixError NATIVE_LIBRARY where it is none of 64 bits for Linux, macOS or Windows, or damaged
 */
export async function readLibrary(path: string): Promise<LibraryContents> {
  const bytes = await readFile(path);
  let cause: unknown;
  try {
    const contents = readElf(bytes) ?? readMachO(bytes) ?? readPe(bytes);
    if (contents !== undefined) return contents;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    cause = error;
  }
  throw new PrimatrixError('NATIVE_LIBRARY', `deploy: ${path} is no whole shared library of 64 bits`, {
    ...(cause === undefined ? {} : { cause }),
    hint: 'build it again: nx run deploy:native',
  });
}
