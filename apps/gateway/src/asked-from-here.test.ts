import { request as httpRequest } from 'node:http';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { open, token, type Opened } from './gateway.fixture.ts';
import { isLoopback } from './http/asked-from-here.ts';

/** Asks for a folder with headers of all kinds, as a proxy on this machine would; fetch sets some of them itself. */
function addFolder({ gateway }: Opened, path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number | undefined; code: string | undefined }>((resolve, reject) => {
    const request = httpRequest(
      `${gateway.url}/api/folders`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      },
      (answer) => {
        let text = '';
        answer.on('data', (piece: Buffer) => (text += String(piece)));
        answer.on('end', () =>
          resolve({ status: answer.statusCode, code: (JSON.parse(text) as { code?: string }).code }),
        );
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify({ path }));
  });
}

it.each<Record<string, string>>([
  { 'x-forwarded-for': '203.0.113.7' },
  { 'x-forwarded-proto': 'https' },
  { forwarded: 'for=203.0.113.7;proto=https' },
  { via: '1.1 caddy' },
  { 'x-real-ip': '203.0.113.7' },
  { 'cf-connecting-ip': '203.0.113.7' },
  { host: 'cameras.example.org' },
  { host: '127.0.0.1.example.org' },
  { host: '192.168.1.20:8337' },
  { origin: 'https://cameras.example.org' },
])('adds no folder for who asks through a proxy on this machine: %j', async (headers) => {
  await using folder = await temporaryFolder();
  await using opened = await open(folder.path);
  expect(await addFolder(opened, folder.path, headers)).toEqual({ status: 403, code: 'FOLDER_REMOTE' });
});

it.each<Record<string, string>>([{}, { host: 'localhost:8337' }, { host: '[::1]:8337' }, { host: 'x.localhost' }])(
  'looks at the folder for who asks from here: %j',
  async (headers) => {
    await using folder = await temporaryFolder();
    await using opened = await open(folder.path);
    expect(await addFolder(opened, folder.path, headers)).toEqual({ status: 422, code: 'FOLDER_EMPTY' });
  },
);

it('adds no folder at all where that is said, and the pages do not offer it', async () => {
  await using folder = await temporaryFolder();
  await using opened = await open(folder.path, undefined, { folders: false });
  expect(await addFolder(opened, folder.path, {})).toEqual({ status: 403, code: 'FOLDER_REMOTE' });
  expect(await (await opened.get('/api/project')).json()).toMatchObject({ foldersAllowed: false });
});

it.each([
  ['127.0.0.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.2', false],
  ['127.0.0.1.example.org', false],
])('knows what only this machine reaches: %s', (address, only) => expect(isLoopback(address)).toBe(only));
