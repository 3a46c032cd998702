import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './http-problem.ts';

/** Headers that programs between us and who asks add: nobody sends them who asks us directly. */
const ofProxies =
  /^(forwarded|via|x-forwarded(-.+)?|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-.+|true-client-ip|client-ip|cf-.+|fastly-.+|x-envoy-.+)$/;

/**
 * Whether a request comes from this machine as far as can be seen. That the connection does is no proof: behind a
 * proxy on this machine all do. Proxies say for whom they ask, or which name was asked for; of one that says neither
 * nothing can be seen, which is what `--no-folders` is for.
 */
export function isAskedFromHere({ socket, headers }: FastifyRequest): boolean {
  const { host, origin } = headers;
  return (
    isLoopback(socket.remoteAddress ?? '') &&
    namesThisMachine(`http://${host ?? ''}`) &&
    (origin === undefined || namesThisMachine(origin)) &&
    !Object.keys(headers).some((name) => ofProxies.test(name))
  );
}

/**
 * Refuses who asks for folders of this machine from elsewhere.
 * @param folders whether anybody may
 * @throws HttpProblem 403
 */
export function mustBeHere(folders: boolean, request: FastifyRequest): void {
  if (folders && isAskedFromHere(request)) return;
  throw new HttpProblem(
    403,
    'FOLDER_REMOTE',
    'folders may be added from the machine itself only, and not through a proxy',
    { hint: 'upload the clips' },
  );
}

/** Whether only this machine reaches what listens at an address. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address === 'localhost' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}

function namesThisMachine(url: string): boolean {
  try {
    const { hostname } = new URL(url);
    return isLoopback(hostname.replace(/^\[|\]$/g, '')) || hostname.endsWith('.localhost');
  } catch {
    return false;
  }
}
