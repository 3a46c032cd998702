import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { writeTextAtomic } from '@primatrix/files';

/** A package of npm's registry, at one version. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * Has npm bring a package into a folder, from the registry and through the proxy that npm is set up with; none of its scripts run,
 * and nothing comes with it.
 * @returns the package's folder
 * @throws Error with npm's own last words
 */
export async function installPackage(
  folder: string,
  { name, version }: NpmPackage,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  // Without one, npm looks for a project in the folders above.
  await writeTextAtomic(join(folder, 'package.json'), '{ "private": true }\n');
  const words = ['install', `${name}@${version}`, '--prefix', folder, '--ignore-scripts', '--no-save'];
  const quiet = ['--no-package-lock', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel', 'error'];
  const alone = ['dev', 'optional', 'peer'].flatMap((kind) => ['--omit', kind]);
  try {
    await promisify(execFile)(process.execPath, [npmProgram(), ...words, ...quiet, ...alone], {
      cwd: folder,
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    const { stderr = '', message } = cause as Error & { stderr?: string };
    const said = stderr.split('\n').filter((line) => line.startsWith('npm error') && !/A complete log/.test(line));
    throw new Error(said.slice(0, 3).join('; ').replaceAll('npm error ', '') || message, { cause });
  }
  return join(folder, 'node_modules', ...name.split('/'));
}

/**
 * npm's own script. Run by Node, it needs no shell, which the `npm` of Windows would.
 * @throws Error where npm is not to be found
 */
function npmProgram(): string {
  const beside = dirname(process.execPath);
  const known = [
    process.env['npm_execpath'] ?? '',
    join(beside, 'node_modules/npm/bin/npm-cli.js'),
    join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(beside, '../share/nodejs/npm/bin/npm-cli.js'),
  ];
  const found = known.find((path) => path.endsWith('npm-cli.js') && existsSync(path));
  if (found === undefined) throw new Error(`npm is not found beside ${process.execPath}`);
  return found;
}
