import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { MediaFile } from './clip-media.ts';
import { HttpProblem } from '../http/http-problem.ts';

/**
 * Sends a file, or the part of it that a `Range` asks for, so that players can seek. Several ranges at once are answered
 * with the whole file, as HTTP allows.
 * @throws HttpProblem 404 where the file is gone, 416 where it has no such part
 */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { path, type }: MediaFile,
): Promise<FastifyReply> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new HttpProblem(404, 'CLIP_GONE', 'the file of this clip is not there any more', { cause });
  });
  const tag = `"${info.size}-${Math.round(info.mtimeMs)}"`;
  // nosniff: whatever a stranger's clip holds, it is never run as a page.
  reply.headers({
    'content-type': type,
    'accept-ranges': 'bytes',
    etag: tag,
    'cache-control': 'private, max-age=3600',
    'x-content-type-options': 'nosniff',
  });
  if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  const ifRange = request.headers['if-range'];
  const range = ifRange === undefined || ifRange === tag ? rangeOf(request.headers.range, info.size) : undefined;
  if (range === 'none') {
    reply.header('content-range', `bytes */${info.size}`);
    throw new HttpProblem(416, 'RANGE', `the file has ${info.size} bytes`);
  }
  const { start, end } = range ?? { start: 0, end: info.size - 1 };
  reply.header('content-length', end - start + 1);
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end}/${info.size}`);
  if (request.method === 'HEAD' || info.size === 0) return reply.send('');
  return reply.send(createReadStream(path, { start, end }));
}

/** @returns undefined where the whole file is to be sent */
function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'none' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start > end || start >= size ? 'none' : { start, end };
}
