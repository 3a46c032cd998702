import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

/** Above the ports of well-known services, and below those that systems give to connections. */
const first = 20_000;
const ports = 10_000;

/**
 * The port of a folder's pages: the same whenever they are opened, since a browser keeps language, keys, the reviewer's name and whose
 * decisions are its own by address and port.
 * @param folder need not be there yet
 * @param host address to listen on
 * @returns 0, any free one, where another program has it; that is said
 */
export async function portOfFolder(folder: string, host: string): Promise<number> {
  const place = await realpath(folder).catch(() => resolve(folder));
  const port = first + (createHash('sha256').update(place).digest().readUInt32BE() % ports);
  if (await isFree(port, host)) return port;
  process.stderr.write(
    `warning: another program has port ${port}, at which the pages of this folder usually are: what the browser kept ` +
      'there (language, keys, undo) is missing this time\n',
  );
  return 0;
}

function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((found) => {
    server.once('error', () => found(false));
    server.listen(port, host, () => server.close(() => found(true)));
  });
}
