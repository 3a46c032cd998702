import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

const readyWithinMs = 15_000;
const stopWithinMs = 10_000;

/** A real `nats-server` with JetStream, on a port and a store folder of its own. */
export interface NatsServer extends AsyncDisposable {
  /** `nats://127.0.0.1:<port>`; stays the same over {@link restart}. */
  readonly url: string;
  readonly port: number;
  /** Process id of the running server, undefined while it is down. */
  readonly pid: number | undefined;
  /** Ends it with SIGKILL, as a crash would; the store folder stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and store, after stopping it when it still runs. */
  restart(): Promise<void>;
  /** Ends it and removes its store folder. */
  stop(): Promise<void>;
}

/** Whether a `nats-server` program is on PATH. */
export function natsServerAvailable(): boolean {
  return spawnSync('nats-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Starts a server and waits until it greets; throws with the server's own words when it does not.
 * @param config a configuration file, whose address and port do not count, and the variables that it names
 */
export async function startNatsServer(config?: {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}): Promise<NatsServer> {
  const folder = await temporaryFolder('primatrix-nats-');
  const port = await freePort();
  let child: ChildProcess | undefined;

  // A test run that dies must not leave its server behind.
  const killOnExit = () => child?.kill('SIGKILL');
  process.once('exit', killOnExit);

  async function start(): Promise<void> {
    const started = spawn(
      'nats-server',
      [
        '-a',
        '127.0.0.1',
        '-p',
        String(port),
        ...(config === undefined ? ['-js', '-sd', folder.path] : ['-c', config.file]),
      ],
      {
        env: { ...process.env, ...config?.env },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    child = started;
    let log = '';
    let ended = false;
    started.stderr?.on('data', (piece: Buffer) => (log = (log + piece.toString()).slice(-4000)));
    started.once('error', (error) => {
      ended = true;
      log += String(error);
    });
    started.once('exit', () => (ended = true));
    const deadline = performance.now() + readyWithinMs;
    while (!(await greets(port))) {
      if (ended || performance.now() > deadline) {
        started.kill('SIGKILL');
        throw new Error(`testkit: nats-server did not start on port ${port}: ${log.trim()}`);
      }
      await sleep(20);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    const timer = setTimeout(() => ending.kill('SIGKILL'), stopWithinMs);
    await exited;
    clearTimeout(timer);
  }

  async function stop(): Promise<void> {
    await end('SIGTERM');
    process.removeListener('exit', killOnExit);
    await folder.remove();
  }

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    get pid() {
      return child?.pid;
    },
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGTERM');
      await start();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Whether something on the port says a NATS server's first word. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once('error', () => settle(false));
    socket.once('data', (piece) => settle(piece.toString().startsWith('INFO ')));
  });
}
