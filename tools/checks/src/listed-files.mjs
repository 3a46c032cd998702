import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The files that a checkout holds, as git knows them: what is ignored (builds, data) is left out, what is new is not.
 *
 * @param {string} root folder of the checkout
 * @returns {string[]} paths seen from there, sorted; deleted ones are left out
 */
export function listedFiles(root) {
  const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const output = execFileSync('git', options, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const files = [...new Set(output.split('\0'))].filter((file) => file !== '' && existsSync(join(root, file)));
  return files.sort();
}
