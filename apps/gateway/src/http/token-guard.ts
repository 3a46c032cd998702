import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from './http-problem.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets only those in who have the token: as `Authorization: Bearer`, or the cookie that `/?token=` gives to a
 * browser. The cookie is not the token but made from it: whoever reads a browser's cookies has no token for programs,
 * and none to sign in with. Pages of other addresses cannot use the cookie: it is SameSite, and what changes
 * something must come from our own pages.
 */
export class TokenGuard {
  private readonly digest: Buffer;
  private readonly cookie: string;

  constructor(token: string) {
    this.digest = digest(token);
    this.cookie = createHmac('sha256', token).update('primatrix cookie').digest('base64url');
  }

  /** Guards all routes of an encapsulated part. */
  guard(app: FastifyInstance): void {
    app.addHook('onRequest', async (request) => this.check(request));
  }

  /** Takes the token out of the address and into a cookie; false where the address has none. */
  async signIn(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const given = (request.query as { token?: unknown }).token;
    if (given === undefined) return false;
    if (typeof given !== 'string' || !this.matches(given)) throw notSignedIn();
    await reply
      .header('set-cookie', `${cookieName(request)}=${this.cookie}; HttpOnly; SameSite=Strict; Path=/`)
      .header('referrer-policy', 'no-referrer')
      .redirect('/', 303);
    return true;
  }

  private check(request: FastifyRequest): void {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined && this.matches(bearer)) return;
    const cookie = (request.headers.cookie ?? '')
      .split(/; */)
      .find((part) => part.startsWith(`${cookieName(request)}=`));
    const given = cookie?.slice(cookie.indexOf('=') + 1);
    if (bearer !== undefined || given === undefined || !timingSafeEqual(digest(given), digest(this.cookie))) {
      throw notSignedIn();
    }
    const { origin, host } = request.headers;
    // Other ports of one machine count as the same site.
    if (!safeMethods.has(request.method) && origin !== undefined && hostOf(origin) !== host) {
      throw new HttpProblem(403, 'OTHER_ORIGIN', `a page of ${origin} may not change anything here`);
    }
  }

  /** In constant time, whatever the length. */
  private matches(given: string): boolean {
    return timingSafeEqual(digest(given), this.digest);
  }
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
