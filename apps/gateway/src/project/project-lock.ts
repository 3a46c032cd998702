import { once } from 'node:events';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { makeFolder, sha256Bytes } from '@primatrix/files';
import { projectFolder } from './review-project.ts';

/**
 * Keeps a project to one program of this machine at a time: two would write into the same logs. A socket and not a file
 * with a number: whoever is killed leaves nothing that looks alive, also after the machine was started again.
 * @param project folder of the project; made where it is not there
 * @throws UsageError PROJECT_IN_USE
 */
export async function lockProject(project: string): Promise<AsyncDisposable> {
  const folder = join(project, projectFolder);
  await makeFolder(folder);
  const address = addressOf(await realpath(folder));
  const server = createServer((socket) => socket.destroy());
  if (!(await listens(server, address))) {
    if (await answers(address)) throw inUse(folder);
    // Left by one that was killed.
    await rm(address, { force: true });
    if (!(await listens(server, address))) throw inUse(folder);
  }
  server.unref();
  return { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

/** Short whatever the folder: a socket's name may have a hundred characters. */
function addressOf(folder: string): string {
  const name = `primatrix-${sha256Bytes(folder).slice(0, 16)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

async function listens(server: Server, address: string): Promise<boolean> {
  try {
    server.listen(address);
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

async function answers(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function inUse(folder: string): UsageError {
  return new UsageError('PROJECT_IN_USE', `gateway: the project in ${folder} is open in another program`, {
    hint: 'stop that one first (Ctrl-C), or name another folder with --project',
  });
}
