import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Me } from '@primatrix/review-api';
import { HttpProblem } from './http-problem.ts';
import { markSignedIn, type KeyHolders } from './signed-in.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets only those in who have the token, or a key of their own: as `Authorization: Bearer`, or the cookie that
 * `/?token=` gives to a browser. The cookie is not the token but made from it: whoever reads a browser's cookies has no token for programs,
 * and none to sign in with. Pages of other addresses cannot use the cookie: it is SameSite, and what changes
 * something must come from our own pages.
 */
export class TokenGuard {
  private readonly digest: Buffer;
  private readonly cookie: string;
  private readonly people: KeyHolders | undefined;

  /** @param token of whoever may do all */
  constructor(token: string, people?: KeyHolders) {
    this.digest = digest(token);
    this.cookie = cookieOf(token);
    this.people = people;
  }

  /** Guards all routes of an encapsulated part. */
  guard(app: FastifyInstance): void {
    app.addHook('onRequest', async (request) => this.check(request));
  }

  /** Takes the token out of the address and into a cookie; false where the address has none. */
  async signIn(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const given = (request.query as { token?: unknown }).token;
    if (given === undefined) return false;
    const me = typeof given === 'string' ? this.holder(given) : undefined;
    if (me === undefined) throw notSignedIn();
    // Only what the asker says of the way to a proxy: it makes a cookie of theirs stricter, no more.
    const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
    // A key stays as it is over starts, so that its holder need not look for the invitation again.
    const lasts = me.name === null ? '' : `; Max-Age=${keptSeconds}`;
    const cookie = cookieOf(given as string);
    await reply
      .header('set-cookie', `${cookieName(request)}=${cookie}; HttpOnly; SameSite=Strict; Path=/${secure}${lasts}`)
      .header('referrer-policy', 'no-referrer')
      .redirect('/', 303);
    return true;
  }

  private check(request: FastifyRequest): void {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const holder = bearer === undefined ? undefined : this.holder(bearer);
    if (holder !== undefined) return markSignedIn(request, holder);
    const cookie = (request.headers.cookie ?? '')
      .split(/; */)
      .find((part) => part.startsWith(`${cookieName(request)}=`));
    const given = cookie?.slice(cookie.indexOf('=') + 1);
    const me = bearer !== undefined || given === undefined ? undefined : this.bearerOf(given);
    if (me === undefined) throw notSignedIn();
    const { origin, host } = request.headers;
    // Other ports of one machine count as the same site.
    if (!safeMethods.has(request.method) && origin !== undefined && hostOf(origin) !== host) {
      throw new HttpProblem(403, 'OTHER_ORIGIN', `a page of ${origin} may not change anything here`);
    }
    markSignedIn(request, me);
  }

  /** Whose token or key it is. Compared in constant time, whatever the length; keys are looked up by their digests. */
  private holder(given: string): Me | undefined {
    const own = digest(given);
    return timingSafeEqual(own, this.digest) ? owner : this.people?.byKey(own.toString('hex'));
  }

  private bearerOf(cookie: string): Me | undefined {
    const own = digest(cookie);
    return timingSafeEqual(own, digest(this.cookie)) ? owner : this.people?.byCookie(own.toString('hex'));
  }
}

const owner: Me = { name: null, role: 'manage' };
/** A season and more. */
const keptSeconds = 180 * 24 * 3600;

/** The cookie that stands for a token or key. */
export function cookieOf(token: string): string {
  return createHmac('sha256', token).update('primatrix cookie').digest('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/** Cookies are shared by all ports of a host. */
function cookieName(request: FastifyRequest): string {
  return `primatrix-${request.socket.localPort}`;
}

function notSignedIn(): HttpProblem {
  return new HttpProblem(401, 'TOKEN', 'a token is needed', {
    hint: 'open the address that primatrix serve --ui printed, or send Authorization: Bearer <token>',
  });
}
