/// <reference lib="dom" />
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousViolations } from '../support/accessibility.ts';
import { browserPath, startBrowser } from '../support/browser.ts';
import { start, type Running } from '../support/primatrix.ts';
import { open, output, token } from '../support/review-pages.ts';
import { soundModelFolders } from '../support/sound-models.ts';

const [models, clips] = [sharedData('models'), sharedData('clips')];

describe.skipIf(browserPath === undefined || models === undefined || clips === undefined)(
  'what is heard beside what is seen (needs the shared data folder)',
  () => {
    let browser: Browser;
    let folder: TemporaryFolder;
    let running: Running;
    let address: string;

    beforeAll(async () => {
      folder = await temporaryFolder('primatrix-heard-');
      await mkdir(folder.join('season'));
      await copyFile(join(clips as string, 'ACP0006s6f-small-cat.mp4'), folder.join('season/with-sound.mp4'));
      const [hearer = ''] = soundModelFolders(models as string, folder.path);
      running = start(
        [
          ...['ui', folder.join('season'), '--no-open', '--models', models as string],
          ...['--model', 'yolox-nano', '--model', hearer],
        ],
        { env: { PRIMATRIX_TOKEN: token }, cwd: folder.path },
      );
      address = /open +(\S+)/.exec(await running.says('(Ctrl-C'))?.[1] ?? '';
      browser = await startBrowser();
    });
    afterAll(async () => {
      await browser.close();
      running.kill('SIGKILL');
      await running.ended;
      await folder.remove();
    });

    it.each([
      ['en-GB', 'Sounds', /^mn04 .+ heard:$/, /all predicted/],
      ['fr-FR', 'Sons', /^Entendu par mn04 .+\u00a0:$/, /tout est prédit/],
    ] as const)('stands in the clip’s view, and leads to its moments: %s', async (locale, title, heard, predicted) => {
      const { page, trouble } = await open(browser, address, { viewport: { width: 390, height: 844 }, locale });
      await page.getByRole('status').filter({ hasText: predicted }).waitFor({ timeout: 240_000 });
      await page.locator('.grid a.card').click();
      const list = page.getByRole('region', { name: title, exact: true });
      await list.getByText(heard).waitFor();
      const sound = list.getByRole('button').last();
      expect(await sound.textContent()).toMatch(/ \d+\s%\d+:\d\d – \d+:\d\d/);
      const from = Number(/%(\d+):(\d\d)/.exec((await sound.textContent()) ?? '')?.[2]);
      await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2, undefined, {
        timeout: 120_000,
      });
      await page.evaluate(() => {
        const video = document.querySelector('video') as HTMLVideoElement;
        video.pause();
        video.currentTime = video.duration - 0.1;
      });
      await sound.press('Enter');
      await page.waitForFunction(
        (second) => Math.floor(document.querySelector('video')?.currentTime ?? -1) === second,
        from,
      );
      await page.screenshot({ path: join(output, `web-heard-${locale}.png`), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect([await seriousViolations(page), trouble]).toEqual([[], []]);
      await page.context().close();
    });
  },
);
