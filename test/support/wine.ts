import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Debian's wine64 is not on PATH. */
const wine = ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine'].find((path) => existsSync(path));

/** Whether Windows programs can be run here. */
export const hasWine = wine !== undefined;

/** How a Windows program ended; `status` is null where it was stopped. */
export interface WineResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Windows program that goes on. */
export interface WineProgram {
  readonly ended: Promise<WineResult>;
  stop(): void;
}

/** A path as Windows programs see it: the machine's root is drive Z. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

/**
 * Starts a Windows program. What it prints goes into files: through pipes Node's last words are lost under Wine.
 * @param scratch folder for Wine's own files and those of the output
 */
export async function startWine(
  scratch: string,
  name: string,
  command: readonly string[],
  cwd: string,
): Promise<WineProgram> {
  await mkdir(scratch, { recursive: true });
  const [outFile, errFile] = [join(scratch, `${name}.out`), join(scratch, `${name}.err`)];
  const [out, err] = [await open(outFile, 'w'), await open(errFile, 'w')];
  const child = spawn(wine ?? 'wine64', command, {
    cwd,
    stdio: ['ignore', out.fd, err.fd],
    detached: true,
    env: {
      PATH: process.env['PATH'],
      HOME: scratch,
      WINEPREFIX: join(scratch, 'prefix'),
      WINEDEBUG: '-all',
      // Node asks which Windows it is, and Wine's answer is too old for it.
      NODE_SKIP_PLATFORM_CHECK: '1',
    },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).then(async (status) => {
    await Promise.all([out.close(), err.close()]);
    const [stdout, stderr] = await Promise.all([outFile, errFile].map((file) => readFile(file, 'utf8')));
    return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
  });
  return { ended, stop: () => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')) };
}
