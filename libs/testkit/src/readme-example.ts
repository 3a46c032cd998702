import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes the first `ts` example of a package's README to a file under the package's `out-tsc/`, where its imports
 * resolve as the package's own do, and returns its path for the test to import.
 * @throws if the README has none
 */
export async function readmeExample(packageRoot: string): Promise<string> {
  const readme = await readFile(join(packageRoot, 'README.md'), 'utf8');
  const code = /```ts\n([^]*?)```/.exec(readme)?.[1];
  if (code === undefined) throw new Error(`${packageRoot}/README.md has no ts example`);
  const folder = join(packageRoot, 'out-tsc', 'readme');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'example.ts');
  await writeFile(path, code);
  return path;
}
