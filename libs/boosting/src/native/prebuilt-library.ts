import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi from 'koffi';

/**
 * Path of the library that an optional package brings for this platform, such as `@primatrix/lightgbm-linux-x64`, whose
 * package.json names the file as `main`; undefined where none is installed.
 * @param library such as `lightgbm`
 * @param from `import.meta.url` of the package that depends on it
 */
export function prebuiltLibrary(library: string, from: string): string | undefined {
  try {
    const manifest = createRequire(from).resolve(
      `@primatrix/${library}-${process.platform}-${process.arch}/package.json`,
    );
    const { main } = JSON.parse(readFileSync(manifest, 'utf8')) as { main: string };
    const path = join(dirname(manifest), main);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Why a library cannot be loaded here, in the system's words, such as what it needs itself; undefined where it can. */
export function loadFault(path: string): string | undefined {
  try {
    koffi.load(path);
    return undefined;
  } catch (error) {
    return `${path} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
  }
}
