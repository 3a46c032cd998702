import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkLibrary } from './exports/check-library.ts';
import { nativeLibrary, platformPackage } from './native-packages.ts';
import type { Target } from './targets.ts';

/** What a platform's package holds. */
export interface PlatformFiles {
  readonly library: string;
  readonly target: Target;
  /** Paths of the files; the first is what Node, or a binding, loads. */
  readonly files: readonly string[];
  /** Licences and notices, by the name that they get. */
  readonly licences: Readonly<Record<string, string>>;
  /** Where the sources are from, and how they were built, in a sentence. */
  readonly origin: string;
}

/**
 * Writes the folder of `@primatrix/<library>-<target>` as it is published: no scripts, no dependencies.
 * @param out folder that gets it; what was there under its name is replaced
 * @returns its path
 * @throws PrimatrixError NATIVE_LIBRARY where the first file is for another platform, or lacks what is called of it
 */
export async function writePlatformPackage(
  { library, target, files, licences, origin }: PlatformFiles,
  out: string,
): Promise<string> {
  const { version, licence, description, functions } = nativeLibrary(library);
  const [loaded = ''] = files;
  await checkLibrary(loaded, target, functions);
  const folder = join(out, `${library}-${target.name}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of files) await cp(file, join(folder, basename(file)));
  for (const [name, path] of Object.entries(licences)) await cp(path, join(folder, name));
  const name = platformPackage(library, target);
  const manifest = {
    name,
    version,
    description: `${description}, for ${target.platform} ${target.arch}`,
    license: licence,
    os: [target.platform],
    cpu: [target.arch],
    // Alpine's C library is another one.
    ...(target.platform === 'linux' ? { libc: ['glibc'] } : {}),
    main: basename(loaded),
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const text = [
    `# ${name}`,
    '',
    `${manifest.description}. Primatrix installs it where it fits; nobody needs to name it. ${origin}`,
    '',
  ];
  await writeFile(join(folder, 'README.md'), text.join('\n'));
  return folder;
}
