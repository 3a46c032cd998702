import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import type { FastifyInstance } from 'fastify';
import type { TokenGuard } from './token-guard.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
const policy =
  "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** The built pages by their addresses; they are small and stay in memory, so that no request ever names a file. */
export type Site = ReadonlyMap<string, { readonly type: string; readonly content: Buffer }>;

/**
 * Reads the pages that `@primatrix/web` was built to.
 * @throws UsageError where they have not been built
 */
export function readSite(): Site {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@primatrix/web/package.json')), 'dist');
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const site = new Map(
      files.map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [
          `/${relative(folder, path).split(sep).join('/')}`,
          { type: types[extname(path)] ?? 'application/octet-stream', content: readFileSync(path) },
        ];
      }),
    );
    const index = site.get('/index.html');
    if (index !== undefined) return site.set('/', index);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new UsageError('WEB_NOT_BUILT', `gateway: the pages are not in ${folder}`, { hint: 'run: npm run build' });
}

/** Serves the pages to anybody: they hold nothing; what they ask for needs the token. */
export function serveSite(app: FastifyInstance, site: Site, guard: TokenGuard): void {
  for (const [url, { type, content }] of site) {
    app.get(url, async (request, reply) => {
      if (url === '/' && (await guard.signIn(request, reply))) return reply;
      const cache = url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      return reply
        .headers({
          'content-type': type,
          'cache-control': cache,
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
        })
        .send(content);
    });
  }
}
