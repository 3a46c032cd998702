import { Transform } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './http-problem.ts';

/** How slowly bodies may come. */
export interface BodyLimits {
  /** Of an upload: how often is looked, milliseconds, and bytes that must have come by then. */
  readonly everyMs: number;
  readonly leastBytes: number;
  /** Time for the whole body of a request that is no upload, milliseconds. */
  readonly wholeMs: number;
}

/** A kilobyte a second: a clip never comes over a network that is slower. */
export const usualBodyLimits: BodyLimits = { everyMs: 30_000, leastBytes: 30_000, wholeMs: 60_000 };

/**
 * Ends requests whose bodies do not come: a connection and a half-written file each would be kept for ever. Uploads
 * may take as long as they want while they go on.
 */
export function watchBodies(app: FastifyInstance, { everyMs, leastBytes, wholeMs }: BodyLimits): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (request.method === 'GET' || request.method === 'HEAD') return payload;
    const upload = (request.routeOptions.config as { upload?: boolean }).upload === true;
    let came = 0;
    const watched = new Transform({
      transform(piece: Buffer, _encoding, done) {
        came += piece.length;
        // Fastify compares it with what the sender states.
        counted.receivedEncodedLength += piece.length;
        done(null, piece);
      },
    });
    // A request that is refused before its body is read, or breaks off before that, has nobody else who listens: unheard,
    // the error would end the program. Who reads the body is told nevertheless.
    watched.on('error', () => undefined);
    const counted = Object.assign(watched, { receivedEncodedLength: 0 });
    const look = setInterval(
      () => {
        // What waits for our own disk is not slow.
        if (upload && (came >= leastBytes || watched.writableLength > 0)) came = 0;
        else watched.destroy(tooSlow());
      },
      upload ? everyMs : wholeMs,
    );
    look.unref();
    const stop = () => clearInterval(look);
    // Not `pipeline`: that would end the connection, and there is an answer to give.
    payload.once('end', stop).once('error', (error) => watched.destroy(error));
    payload.once('close', () => {
      stop();
      if (!request.raw.complete) watched.destroy(new Error('the request broke off'));
    });
    watched.once('close', stop);
    payload.pipe(watched);
    return counted;
  });
}

function tooSlow(): HttpProblem {
  return new HttpProblem(408, 'BODY_TIMEOUT', 'the request did not come on: it was given up', {
    hint: 'check the network, then send it again',
  });
}
