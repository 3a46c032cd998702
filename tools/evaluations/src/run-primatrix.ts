import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PrimatrixError } from '@primatrix/contracts';
import { workspaceRoot } from '@primatrix/testkit';

/**
 * Runs the command line; its progress is passed on.
 * @returns what it printed
 * @throws PrimatrixError `EVALUATION_RUN` where it did not end well
 */
export async function primatrix(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(workspaceRoot(), 'apps/primatrix/bin/primatrix.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const status = await new Promise<number | null>((settle, fail) => child.once('error', fail).once('close', settle));
  // 1 with a result: some clips cannot be read, which was told; all else is written.
  if (status !== 0 && !(status === 1 && printed !== '')) {
    throw new PrimatrixError('EVALUATION_RUN', `evaluation: primatrix ${args[0]} ended with ${status}`);
  }
  return printed;
}
