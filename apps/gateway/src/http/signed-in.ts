import type { FastifyRequest } from 'fastify';
import { roles, type Me, type Role } from '@primatrix/review-api';
import { HttpProblem } from './http-problem.ts';

/** Knows the people that have keys of their own, by digests: the keys themselves are kept nowhere. */
export interface KeyHolders {
  /** @param digest SHA-256 of a key, hexadecimal */
  byKey(digest: string): Me | undefined;
  /** @param digest SHA-256 of the cookie that is made from a key, hexadecimal */
  byCookie(digest: string): Me | undefined;
}

const signedIn = new WeakMap<FastifyRequest, Me>();

/** Remembers who a request comes from. */
export function markSignedIn(request: FastifyRequest, me: Me): void {
  signedIn.set(request, me);
}

/**
 * Who a request comes from.
 * @throws HttpProblem 401 where the guard has let nobody in
 */
export function whoAsks(request: FastifyRequest): Me {
  const me = signedIn.get(request);
  if (me === undefined) throw new HttpProblem(401, 'TOKEN', 'a token is needed');
  return me;
}

/** @throws HttpProblem 403 where a request comes from somebody who may not do what this role may */
export function mustBe(role: Role, request: FastifyRequest): void {
  const { name, role: own } = whoAsks(request);
  if (roles.indexOf(own) >= roles.indexOf(role)) return;
  throw new HttpProblem(403, 'ROLE', `${name ?? 'you'} may only ${own} here, and this needs the role ${role}`, {
    hint: 'ask whoever invited you for an invitation with that role',
  });
}
