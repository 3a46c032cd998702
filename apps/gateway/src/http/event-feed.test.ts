import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventFeed } from './event-feed.ts';

let feed: EventFeed;
let app: FastifyInstance;
let answers: FastifyReply['raw'][];
beforeEach(async () => {
  feed = new EventFeed('e', { stallMs: 1500 });
  app = Fastify({ forceCloseConnections: true });
  answers = [];
  app.get('/events', (request, reply) => {
    answers.push(reply.raw);
    feed.serve(request, reply);
  });
  app.setErrorHandler((error, _request, reply) => reply.code((error as { status?: number }).status ?? 500).send());
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

/** A client that asks and, unless it is told to, reads nothing. */
async function listen(headers = ''): Promise<Socket> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.pause();
  socket.on('error', () => {});
  socket.write(`GET /events HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
  return socket;
}

/** What a client has got once it has got so many events. */
async function read(socket: Socket, until: string): Promise<string> {
  let text = '';
  socket.on('data', (piece: Buffer) => (text += String(piece)));
  socket.resume();
  for (let i = 0; i < 500 && !text.includes(until); i++) await sleep(10);
  return text;
}

const connections = () => new Promise<number>((done) => app.server.getConnections((_, count) => done(count)));

it('keeps nothing for 60 clients that read nothing, cuts them off, and goes on for one that reads', async () => {
  const still = await Promise.all(Array.from({ length: 60 }, () => listen()));
  const reading = await listen();
  let got = '';
  reading.on('data', (piece: Buffer) => (got = got.slice(-200) + String(piece))).resume();
  while ((await connections()) < 61) await sleep(10);
  await sleep(100);
  const text = 'x'.repeat(60_000);
  let most = 0;
  // 60 clients would have 1.4 GB waiting for them.
  for (let i = 0; i < 400; i++) {
    feed.publish('progress', { i, text }, { latestOnly: true });
    most = Math.max(
      most,
      answers.reduce((sum, raw) => sum + raw.writableLength, 0),
    );
    await sleep(1);
  }
  expect(most / 61).toBeLessThan(2 * text.length);
  for (let i = 0; i < 400 && (await connections()) > 1; i++) await sleep(10);
  expect(await connections()).toBe(1);
  feed.publish('review', 'the last');
  for (let i = 0; i < 100 && !got.includes('the last'); i++) await sleep(10);
  expect(got).toContain('"the last"');
  reading.destroy();
  for (const socket of still) socket.destroy();
});

it('sends one who was slow what it missed, and `reset` where that is forgotten', async () => {
  const slow = await listen();
  while ((await connections()) < 1) await sleep(10);
  await sleep(100);
  // More than sockets hold, less than 500 events.
  for (let i = 0; i < 400; i++) feed.publish('review', { i, text: 'x'.repeat(50_000) });
  const text = await read(slow, '"i":399,');
  const numbers = [...text.matchAll(/"i":(\d+),/g)].map(([, i]) => Number(i));
  expect(numbers).toEqual(Array.from({ length: 400 }, (_, i) => i));
  slow.destroy();

  const slower = await listen('Last-Event-ID: e-399\r\n');
  await sleep(100);
  for (let i = 400; i < 1400; i++) feed.publish('review', { i, text: 'x'.repeat(50_000) });
  const rest = await read(slower, 'event: reset');
  expect(rest).toContain('"i":399,');
  expect(rest).toContain('id: e-1400\nevent: reset\n');
  slower.destroy();
});

it.each(['e-9', 'other-0', 'e--1', 'e-x'])('sends `reset` for an id that it does not know: %s', async (id) => {
  feed.publish('progress', {});
  const socket = await listen(`Last-Event-ID: ${id}\r\n`);
  expect(await read(socket, 'reset')).toContain('id: e-1\nevent: reset\ndata: {}\n\n');
  socket.destroy();
});

it('lets 250 listen, and tells the next one so', async () => {
  const listening = await Promise.all(Array.from({ length: 250 }, () => listen()));
  while ((await connections()) < 250) await sleep(10);
  await sleep(200);
  const answer = await fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/events`);
  expect(answer.status).toBe(503);
  for (const socket of listening) socket.destroy();
});
