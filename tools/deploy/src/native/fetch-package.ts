import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { PrimatrixError } from '@primatrix/contracts';
import { sha512Integrity } from './integrity.ts';

const run = promisify(execFile);

/** A package of npm that a release is made with, and nobody installs. */
export interface FetchedPackage {
  readonly name: string;
  readonly version: string;
  /** Of its archive, as lock files write it. */
  readonly integrity: string;
}

/**
 * Fetches a package's files from npm's registry once.
 * @param cache folder that keeps them
 * @returns their folder
 * @throws PrimatrixError NATIVE_FETCH where the registry gives something else
 */
export async function fetchPackage({ name, version, integrity }: FetchedPackage, cache: string): Promise<string> {
  const folder = join(cache, `${basename(name)}-${version}`);
  const files = join(folder, 'package');
  if (await exists(files)) return files;
  const scratch = `${folder}.${process.pid}`;
  await mkdir(scratch, { recursive: true });
  try {
    const { stdout } = await run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', scratch]);
    const archive = join(scratch, stdout.trim());
    const got = await sha512Integrity(archive);
    if (got !== integrity) {
      throw new PrimatrixError('NATIVE_FETCH', `deploy: ${name} ${version} is not what it was: ${got}`, {
        hint: 'do not build a release with it, and find out who changed it',
      });
    }
    await run('tar', ['xzf', archive, '-C', scratch]);
    await rm(archive);
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return files;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
