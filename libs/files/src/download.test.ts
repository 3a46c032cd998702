import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { temporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { download } from './download.ts';

const body = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 31) & 255));
const most = body.length;
let server: Server;
let base: string;
let asked: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { range } = request.headers;
    asked.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (request.url === '/missing') response.writeHead(404).end();
    else if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 20));
    } else if (request.url === '/deaf' || range === undefined) response.end(body);
    else if (from >= body.length) response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    else {
      response.writeHead(206, {
        'content-range': `bytes ${from}-${body.length - 1}/${body.length}`,
        'content-length': body.length - from,
      });
      response.end(body.subarray(from));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

it('goes on where a connection that broke left off', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('a');
  await expect(download(`${base}/cut`, path, { most })).rejects.toThrow();
  const { size } = await stat(path);
  expect(size).toBeGreaterThan(0);
  const seen: (readonly [number, number | null])[] = [];
  await download(`${base}/good`, path, { most, onProgress: (...progress) => seen.push(progress) });
  expect(asked).toEqual([undefined, `bytes=${size}-`]);
  expect(await readFile(path)).toEqual(body);
  expect(seen[0]?.[0]).toBeGreaterThan(size);
  expect(seen.at(-1)).toEqual([body.length, body.length]);
});

it('begins again with a server that has no parts', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('a');
  await writeFile(path, body.subarray(0, 1000));
  await download(`${base}/deaf`, path, { most });
  expect(await readFile(path)).toEqual(body);
});

it('has nothing to do where all of it is there, and begins again where more is', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('a');
  await writeFile(path, body);
  await download(`${base}/good`, path, { most });
  expect(asked).toEqual([`bytes=${body.length}-`]);
  await writeFile(path, Buffer.concat([body, body]));
  await download(`${base}/good`, path, { most });
  expect(await readFile(path)).toEqual(body);
});

it('says what failed', async () => {
  await using folder = await temporaryFolder();
  const path = folder.join('a');
  await expect(download(`${base}/missing`, path, { most })).rejects.toThrow('the server answered 404 Not Found');
  await expect(download(`${base}/good`, path, { most: 99 })).rejects.toThrow('larger than 99 bytes');
  await expect(download('http://127.0.0.1:9/', path, { most })).rejects.toThrow(/fetch failed: ./);
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(download(`${base}/good`, path, { most, signal: stopped })).rejects.toThrow('enough');
});
