import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';

/**
 * A checkout of its own for a test of a check, below the system's temporary folder.
 * @param files contents by path, seen from its root
 */
export async function fixtureCheckout(files: Readonly<Record<string, string>>): Promise<TemporaryFolder> {
  const folder = await temporaryFolder('primatrix-checks-');
  execFileSync('git', ['init', '-q'], { cwd: folder.path });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.join(file)), { recursive: true });
    writeFileSync(folder.join(file), text);
  }
  return folder;
}
