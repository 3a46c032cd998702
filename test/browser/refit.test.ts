/// <reference lib="dom" />
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readLabels } from '@primatrix/dataset';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { browserPath, startBrowser } from '../support/browser.ts';
import { start, type Running } from '../support/primatrix.ts';

const { dataset, bundle } = inject('trainedSample');
const output = join(import.meta.dirname, 'output');
const wide = { viewport: { width: 1280, height: 900 } };

describe.skipIf(browserPath === undefined)('re-fitting from the pages', () => {
  let browser: Browser;
  let folder: TemporaryFolder;
  const running: Running[] = [];

  /** Serves a project of four clips of the test, with their sites. */
  async function serve(name: string, from: string): Promise<string> {
    const card = folder.join(name, 'card');
    await mkdir(card, { recursive: true });
    for (const clip of (await readLabels(join(dataset, 'test_labels.csv'))).filenames.slice(0, 4)) {
      await symlink(join(dataset, 'clips', clip), join(card, clip));
    }
    await cp(join(dataset, 'clips.csv'), join(card, 'clips.csv'));
    const process = start(['serve', '--ui', '--bundle', from, '--project', folder.join(name), '--port', '0']);
    running.push(process);
    return /open +(\S+)/.exec(await process.says('(Ctrl-C'))?.[1] ?? '';
  }

  async function addCard(page: Page, name: string): Promise<void> {
    await page.getByLabel('Folder on this computer').fill(folder.join(name, 'card'));
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page.getByRole('status').filter({ hasText: '4 clips, all predicted' }).waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Close' }).click();
  }

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-refit-web-');
    await mkdir(output, { recursive: true });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    for (const process of running) process.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    await folder.remove();
  });

  it('counts corrections, shows progress over a reload, compares in words, and uses or drops what came of it', async () => {
    const url = await serve('season', bundle);
    const page = await (await browser.newContext(wide)).newPage();
    const trouble: string[] = [];
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(error.message));
    await page.goto(url);
    await addCard(page, 'season');
    const opener = page.locator('header.top').getByRole('button', { name: /^(Retrain|New model)/ });
    const panel = page.getByRole('region', { name: 'Retrain with your reviews' });
    await opener.click();
    await panel.getByText('No reviewed clip to learn from yet').waitFor();
    expect(await panel.getByRole('button', { name: 'Retrain' }).isDisabled()).toBe(true);

    // Three are decided and one is unsure, by keyboard.
    await page.locator('.grid a.card').first().press('Enter');
    for (const key of ['a', 'b', 'u', 'a']) {
      await page.locator('.choices button').first().waitFor();
      const heading = await page.locator('main.clip h2').textContent();
      await page.keyboard.press(key);
      await page.waitForFunction(
        (last) =>
          document.querySelector('.notice')?.textContent?.includes('That was the last') === true ||
          (document.querySelector('main.clip h2') !== null &&
            document.querySelector('main.clip h2')?.textContent !== last),
        heading,
      );
    }
    await panel.getByText('3 reviewed clips to learn from. Left out: 1 unsure.').waitFor();
    await page.keyboard.press('g');
    await page.screenshot({ path: join(output, 'web-refit-start.png') });

    // By keyboard, and the page is left while it runs.
    await panel.getByRole('button', { name: 'Retrain with 3 reviewed clips' }).focus();
    await page.keyboard.press('Enter');
    await panel.getByRole('progressbar', { name: 'Retraining' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('refit');
    await page.screenshot({ path: join(output, 'web-refit-running.png') });
    await page.reload();
    await page.getByRole('button', { name: /^Retraining, |^New model is ready/ }).click();
    await panel.getByRole('button', { name: 'Use new model' }).waitFor({ timeout: 240_000 });
    expect(await panel.getByRole('row').allTextContents()).toEqual([
      expect.stringContaining('Log loss'),
      'beforeafterbeforeafter',
      expect.stringMatching(/^Reviewed clips 3\d\.\d{4}/),
      expect.stringMatching(/^Training clips \d+0\.\d{4} ± 0\.\d{4}/),
    ]);
    expect(await panel.getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/noise|chance/),
      expect.stringMatching(/noise|chance/),
    ]);
    await page.screenshot({ path: join(output, 'web-refit-result.png') });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
    await page.screenshot({ path: join(output, 'web-refit-result-dark-narrow.png') });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(wide.viewport);

    await panel.getByRole('button', { name: 'Use new model' }).click();
    await panel.getByText(/In use: the model retrained on .* with 3 reviewed clips\./).waitFor();
    await page.getByRole('status').filter({ hasText: '4 clips, all predicted' }).waitFor({ timeout: 120_000 });
    await panel.getByText('0 of them since the last retraining').waitFor();
    await page.screenshot({ path: join(output, 'web-refit-used.png') });

    // Another one is stopped, and nothing comes of it.
    await panel.getByRole('button', { name: 'Retrain with 3 reviewed clips' }).click();
    await panel.getByRole('button', { name: 'Stop' }).click();
    await panel.getByRole('button', { name: 'Retrain with 3 reviewed clips' }).waitFor({ timeout: 60_000 });
    expect(await panel.getByRole('alert').count()).toBe(0);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('says why it cannot be done where the training is not beside the bundle', async () => {
    await cp(bundle, folder.join('alone/bundle'), { recursive: true });
    const page = await (await browser.newContext(wide)).newPage();
    await page.goto(await serve('lonely', folder.join('alone/bundle')));
    await page.locator('header.top').getByRole('button', { name: 'Retrain' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'Retraining is not possible here: there is no training in' })
      .waitFor();
    await page.screenshot({ path: join(output, 'web-refit-impossible.png') });
    await page.context().close();
  });
});
