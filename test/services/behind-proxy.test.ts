import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { invitedSchema } from '@primatrix/review-api';
import { freePort, temporaryFolder, workspaceRoot, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { serve, token, type Served } from '../support/review-pages.ts';
import { waitUntil } from '../support/wait-until.ts';

const sample = inject('trainedSample');

/** A web server, and how its settings in docs/working-together.md become those of a test, which leaves nothing outside its folder. */
interface Proxy {
  readonly name: string;
  readonly program: string | undefined;
  /** @param port that it listens on, on this machine alone @param pages port of the pages */
  readonly settings: (page: string, port: number, pages: string) => string;
  readonly options: (settings: string, folder: string) => readonly string[];
}

const installed = (name: string) =>
  ['/usr/sbin', '/usr/bin', '/usr/local/bin'].map((place) => join(place, name)).find((path) => existsSync(path));
const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    program: installed('nginx'),
    settings: nginxSettings,
    options: (settings, folder) => ['-p', folder, '-c', settings],
  },
  {
    name: 'Caddy',
    program: installed('caddy'),
    settings: caddySettings,
    options: (settings) => ['run', '--adapter', 'caddyfile', '--config', settings],
  },
];

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The pages behind web servers of Debian with TLS, by the settings that docs/working-together.md gives. */
for (const proxy of proxies) describe.skipIf(proxy.program === undefined)(`behind ${proxy.name}`, () => behind(proxy));

function behind({ name, program = '', settings, options: optionsOf }: Proxy): void {
  let folder: TemporaryFolder;
  let served: Served;
  let port: number;
  let stop: () => Promise<unknown>;
  let ask: (
    path: string,
    options?: { headers?: Record<string, string>; body?: Uint8Array | string },
  ) => Promise<Answer>;
  let events: (cookie: string, text: string) => Promise<string>;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-proxy-');
    await mkdir(folder.join('season'));
    served = await serve(folder.join('season'), sample.bundle, ['--no-folders']);
    const certificate = ['-keyout', 'cameras.key', '-out', 'cameras.crt', '-subj', '/CN=cameras.example.org'];
    await promisify(execFile)(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...certificate],
      {
        cwd: folder.path,
      },
    );
    port = await freePort();
    const page = await readFile(join(workspaceRoot(), 'docs/working-together.md'), 'utf8');
    await writeFile(folder.join('settings'), settings(page, port, new URL(served.url).port));
    const child = spawn(program, optionsOf(folder.join('settings'), folder.path), {
      stdio: 'ignore',
      env: { ...process.env, XDG_DATA_HOME: folder.path, XDG_CONFIG_HOME: folder.path },
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    stop = async () => {
      child.kill('SIGTERM');
      await ended;
    };
    const agent = new Agent({ rejectUnauthorized: false });
    const of = { host: '127.0.0.1', port, agent, servername: 'cameras.example.org' };
    const host = { host: `cameras.example.org:${port}` };
    ask = (path, { headers = {}, body } = {}) =>
      new Promise((resolve, reject) => {
        const sent = { ...of, path, method: body === undefined ? 'GET' : 'POST', headers: { ...host, ...headers } };
        const asked = request(sent, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part) => (text += part));
          answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
        });
        asked.on('error', reject);
        asked.end(body);
      });
    events = (cookie, text) =>
      new Promise((resolve, reject) => {
        const asked = request({ ...of, path: '/api/events', headers: { ...host, cookie } }, (answer) => {
          let heard = '';
          answer.setEncoding('utf8').on('data', (part) => {
            heard += part;
            if (!heard.includes(text)) return;
            asked.destroy();
            resolve(heard);
          });
        });
        asked.on('error', reject);
        asked.end();
      });
    await waitUntil(
      `an answer through ${name}`,
      async () => (await ask('/healthz').catch(() => undefined))?.status === 200,
    );
  });
  afterAll(async () => {
    await stop();
    served.run.kill('SIGKILL');
    await served.run.ended;
    await folder.remove();
  });

  it('lets somebody in by the address of an invitation, who uploads, decides and hears of it, and names no folder', async () => {
    const asOwner = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const invitation = await ask('/api/people', {
      headers: asOwner,
      body: JSON.stringify({ name: 'Ana', role: 'manage' }),
    });
    const { path } = invitedSchema.parse(JSON.parse(invitation.text));
    const signedIn = await ask(path);
    expect([signedIn.status, signedIn.headers['location']]).toEqual([303, '/']);
    expect(signedIn.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/; Secure; Max-Age=\d+$/);
    const cookie = signedIn.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
    expect((await ask('/', { headers: { cookie } })).text).toContain('<title>Primatrix</title>');

    const origin = `https://cameras.example.org:${port}`;
    const asAna = { cookie, origin, 'content-type': 'application/json' };
    const heard = events(cookie, 'event: review');
    const clip = await readFile(join(sample.dataset, 'clips/clip_0001.mp4'));
    // Larger than what nginx takes unless it is told to, and sent as what it is.
    const large = Buffer.concat([clip, Buffer.alloc(3 << 20)]);
    const uploaded = await ask('/api/uploads?name=cam-1/a.mp4', {
      headers: { ...asAna, 'content-type': 'video/mp4' },
      body: large,
    });
    expect([uploaded.status, JSON.parse(uploaded.text)]).toEqual([200, { filename: 'cam-1/a.mp4', added: true }]);
    const { clips } = JSON.parse((await ask('/api/clips', { headers: { cookie } })).text) as {
      clips: { id: string }[];
    };
    const said = JSON.stringify({ decision: 'blank', species: [] });
    expect((await ask(`/api/clips/${clips[0]?.id}/review`, { headers: asAna, body: said })).status).toBe(200);
    expect(await heard).toContain('"by":"Ana"');

    const elsewhere = { ...asAna, origin: 'https://elsewhere.example.org' };
    expect((await ask(`/api/clips/${clips[0]?.id}/review`, { headers: elsewhere, body: said })).status).toBe(403);
    const named = JSON.stringify({ path: sample.dataset });
    expect(JSON.parse((await ask('/api/folders', { headers: asAna, body: named })).text)).toMatchObject({
      code: 'FOLDER_REMOTE',
    });
  });
}

function nginxSettings(page: string, port: number, pages: string): string {
  const server = /```nginx\n([^]*?)```/.exec(page)?.[1] ?? '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  const own = server
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replaceAll('127.0.0.1:7411', `127.0.0.1:${pages}`);
  return `daemon off; pid nginx.pid; error_log error.log; events {} http { access_log off; ${temporary.join(' ')}\n${own} }\n`;
}

/** With a certificate of its own, as nobody can have one for the name of the page. */
function caddySettings(page: string, port: number, pages: string): string {
  const [site = '', ...rest] = (/```caddyfile\n([^]*?)```/.exec(page)?.[1] ?? '').trim().split('\n');
  const own = rest.join('\n').replaceAll('127.0.0.1:7411', `127.0.0.1:${pages}`);
  const alone = '{\nadmin off\nskip_install_trust\nauto_https disable_redirects\n}\n';
  return `${alone}https://${site}:${port} {\nbind 127.0.0.1\ntls internal\n${own}\n}\n`;
}
