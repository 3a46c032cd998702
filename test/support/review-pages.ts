import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { start, type Running, type RunOptions } from './primatrix.ts';

/** Where screenshots are kept. */
export const output = join(import.meta.dirname, '../browser/output');
mkdirSync(output, { recursive: true });

export const wide = { viewport: { width: 1280, height: 900 } };
export const token = 'a-token-of-the-test';

export interface Served {
  readonly url: string;
  readonly run: Running;
}

/** Serves the pages of a project until the run is ended. */
export async function serve(
  project: string,
  bundle: string,
  options: readonly string[] = [],
  env: RunOptions['env'] = {},
): Promise<Served> {
  const process = start(['serve', '--ui', '--bundle', bundle, '--project', project, '--port', '0', ...options], {
    env: { ...env, PRIMATRIX_TOKEN: token },
  });
  const line = await process.says('(Ctrl-C');
  return { url: /open +(\S+)/.exec(line)?.[1] ?? '', run: process };
}

/** Opens the pages; what they complain of ends up in `trouble`. */
export async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = wide,
): Promise<{ page: Page; trouble: string[] }> {
  const page = await (await browser.newContext(options)).newPage();
  const trouble: string[] = [];
  // 422: the thumbnail of a clip that is no clip, asked for before that is known.
  page.on(
    'console',
    (message) => message.type() === 'error' && !message.text().includes('422') && trouble.push(message.text()),
  );
  page.on('pageerror', (error) => trouble.push(error.message));
  await page.goto(url);
  return { page, trouble };
}
