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
const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'].find((path) => existsSync(path));

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** The pages behind Debian's nginx with TLS, by the settings that docs/working-together.md gives. */
describe.skipIf(nginx === undefined)(`behind nginx${nginx === undefined ? ' (skipped: there is none)' : ''}`, () => {
  let folder: TemporaryFolder;
  let served: Served;
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
    const port = await freePort();
    await writeFile(folder.join('nginx.conf'), await settings(port, new URL(served.url).port));
    const child = spawn(nginx as string, ['-p', folder.path, '-c', folder.join('nginx.conf')], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('close', resolve));
    stop = async () => {
      child.kill('SIGQUIT');
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
      'an answer through nginx',
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

    const origin = `https://${(await hostOf()).host}`;
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

  /** The address as a browser would have it. */
  async function hostOf(): Promise<URL> {
    const port = /listen (\S+) ssl/.exec(await readFile(folder.join('nginx.conf'), 'utf8'))?.[1];
    return new URL(`https://cameras.example.org:${port?.replace('127.0.0.1:', '')}`);
  }
});

/** What the page says, on ports of the test, in a process that leaves nothing outside its folder. */
async function settings(port: number, pages: string): Promise<string> {
  const page = await readFile(join(workspaceRoot(), 'docs/working-together.md'), 'utf8');
  const server = /```nginx\n([^]*?)```/.exec(page)?.[1] ?? '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  const own = server
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replaceAll('127.0.0.1:7411', `127.0.0.1:${pages}`);
  return `daemon off; pid nginx.pid; error_log error.log; events {} http { access_log off; ${temporary.join(' ')}\n${own} }\n`;
}
