import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** The browser to test with: `CHROMIUM_PATH`, else where Debian puts it; undefined where there is none. */
export const browserPath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find(
  (path) => path !== undefined && path !== '' && existsSync(path),
);

if (browserPath === undefined) {
  process.stderr.write(
    'Tests in a real browser are skipped: there is no Chromium in /usr/bin/chromium. Install it, or set ' +
      'CHROMIUM_PATH.\n',
  );
}

/** Starts the browser; it fetches nothing by itself. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page of a file on the disk, and all that it complained of or asked for. */
export interface OpenedPage {
  readonly page: Page;
  /** Console messages, uncaught errors, and requests for anything but the file itself and what lies in it. */
  readonly trouble: readonly string[];
}

/** Opens a file in a window of its own. */
export async function openFile(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const page = await (await browser.newContext(options)).newPage();
  const url = pathToFileURL(path).href;
  const trouble: string[] = [];
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => trouble.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) trouble.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, trouble };
}
