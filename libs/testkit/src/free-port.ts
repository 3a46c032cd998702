import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to whoever asks for any: 32768 and up on Linux, 49152 and up on macOS and Windows. */
const [first, last] = [10_240, 32_000];

/**
 * A TCP port of 127.0.0.1 that nothing listened on a moment ago. It is drawn from those that the system gives nobody by
 * itself: between now and its use, a connection or another test's port 0 would now and then take one of those.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(first, last);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
