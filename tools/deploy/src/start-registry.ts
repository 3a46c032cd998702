import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrimatrixError } from '@primatrix/contracts';

const config = new URL('../../../infra/verdaccio/config.yaml', import.meta.url);
const readyWithinMs = 30_000;

/** A running registry. */
export interface Registry extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/`. */
  readonly url: string;
  /** Settings of npm that name it and may publish there, as a file's text. */
  readonly npmrc: string;
}

/** Where the registry keeps packages, and where it listens. */
export interface RegistryOptions {
  /** Where packages and users are kept; made if absent. */
  readonly storage: string;
  readonly port: number;
  /** Registry of everything that is not published here; without one, there is nothing else. */
  readonly upstream?: string;
}

/**
 * Starts Verdaccio on loopback, and makes a user that may publish.
 * @throws PrimatrixError REGISTRY_START with its own words
 */
export async function startRegistry({ storage, port, upstream }: RegistryOptions): Promise<Registry> {
  await mkdir(storage, { recursive: true });
  const file = join(storage, 'config.yaml');
  const text = (await readFile(config, 'utf8')).replaceAll('STORAGE', storage);
  await writeFile(
    file,
    upstream === undefined
      ? text.replace(/^uplinks:\n( .*\n)+/m, '').replace(/^ +proxy: upstream\n/m, '')
      : text.replaceAll('UPSTREAM', upstream),
  );
  const manifest = createRequire(import.meta.url).resolve('verdaccio/package.json');
  const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: string };
  const child = spawn(
    process.execPath,
    [join(dirname(manifest), bin), '--config', file, '--listen', `127.0.0.1:${port}`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const killOnExit = () => child.kill('SIGKILL');
  process.once('exit', killOnExit);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => (log = (log + piece.toString()).slice(-4000)));
  }
  const stop = async () => {
    process.off('exit', killOnExit);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  };
  const url = `http://127.0.0.1:${port}/`;
  try {
    const token = await login(url, () => child.exitCode !== null);
    return { url, npmrc: `registry=${url}\n//127.0.0.1:${port}/:_authToken=${token}\n`, [Symbol.asyncDispose]: stop };
  } catch (cause) {
    await stop();
    throw new PrimatrixError('REGISTRY_START', `deploy: Verdaccio did not start on port ${port}: ${log.trim()}`, {
      cause,
    });
  }
}

/** Makes the user as soon as the registry answers. */
async function login(url: string, ended: () => boolean): Promise<string> {
  const name = 'publisher';
  // A new one each time: who starts the registry gets the token, and nobody logs in with the word.
  const password = crypto.randomUUID();
  const body = JSON.stringify({ name: `${name}-${password.slice(0, 8)}`, password });
  for (const deadline = performance.now() + readyWithinMs; ; await sleep(100)) {
    const answer = await fetch(`${url}-/user/org.couchdb.user:${name}-${password.slice(0, 8)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body,
    }).catch(() => undefined);
    const { token } = ((await answer?.json().catch(() => ({}))) ?? {}) as { token?: string };
    if (token !== undefined) return token;
    if (ended() || performance.now() > deadline) throw new Error(`no token: status ${answer?.status ?? 'none'}`);
  }
}
