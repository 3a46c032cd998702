import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a package is called and which release of it this is, as its package.json says. */
export interface PackageIdentity {
  readonly name: string;
  readonly version: string;
}

/**
 * The package that a source belongs to, from its package.json: in the workspace, in what is built and where it is installed.
 * @param url `import.meta.url` of the source
 * @throws Error where no folder above it has a package.json
 */
export function packageOf(url: string): PackageIdentity {
  const file = fileURLToPath(url);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')) as PackageIdentity;
    if (folder === dirname(folder)) throw new Error(`files: no folder above ${file} has a package.json`);
  }
}
