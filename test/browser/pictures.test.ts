/// <reference lib="dom" />
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, workspaceRoot, type TemporaryFolder } from '@primatrix/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { browserPath, startBrowser } from '../support/browser.ts';
import { open, output, serve, type Served } from '../support/review-pages.ts';

const { dataset, bundle } = inject('trainedSample');
/** With PRIMATRIX_PICTURES they go into the pages of the documentation, else beside the other pictures of tests. */
const keeping = process.env['PRIMATRIX_PICTURES'] !== undefined;
const place = keeping ? join(workspaceRoot(), 'docs/pictures') : output;
/** Clips of the sample without those that are damaged or have no picture; a few, where nobody looks at the pictures. */
const clips = [1, 2, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 21, 22]
  .slice(0, keeping ? 18 : 6)
  .map((number) => `clip_00${`${number}`.padStart(2, '0')}.mp4`);
const sites = ['ridge', 'river', 'salt lick'];

describe.skipIf(browserPath === undefined)('pictures of the documentation', () => {
  let browser: Browser;
  let folder: TemporaryFolder;
  let served: Served;
  let page: Page;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-pictures-');
    const rows = ['filename,site,captured_at,latitude,longitude'];
    for (const [i, clip] of clips.entries()) {
      const site = sites[i % 3] as string;
      await mkdir(folder.join('season 2026', site), { recursive: true });
      await symlink(join(dataset, 'clips', clip), folder.join('season 2026', site, clip));
      const [day, hour] = [`${1 + i}`.padStart(2, '0'), `${(5 + i * 3) % 24}`.padStart(2, '0')];
      const at = [`-1.2${i % 3}`, `29.7${(i * 2) % 3}`];
      rows.push(`${site}/${clip},${site},2026-03-${day}T${hour}:10:00,${at.join(',')}`);
    }
    await writeFile(folder.join('season 2026/clips.csv'), rows.join('\n'));
    browser = await startBrowser();
    served = await serve(folder.join('season 2026'), bundle);
    ({ page } = await open(browser, served.url, { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 }));
    await page.getByLabel('Folder on this computer').fill(folder.join('season 2026'));
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: `${clips.length} clips, all predicted` })
      .waitFor({ timeout: 180_000 });
    await page.reload();
    await page.locator('.grid a.card').first().waitFor();
  });
  afterAll(async () => {
    await browser.close();
    served.run.kill('SIGKILL');
    await served.run.ended;
    await folder.remove();
  });

  const keep = (name: string) =>
    page.screenshot({ path: join(place, `${name}.jpg`), type: 'jpeg', quality: 85, animations: 'disabled' });

  it('show the grid, a clip and the season', async () => {
    await mkdir(place, { recursive: true });
    await page.waitForFunction(
      (least) => {
        const images = [...document.querySelectorAll<HTMLImageElement>('.grid img')];
        return images.length >= least && images.every(({ complete }) => complete);
      },
      6,
      { timeout: 60_000 },
    );
    expect((await keep('grid')).length).toBeLessThan(300_000);
    await page.locator('.grid a.card').first().press('Enter');
    await page.locator('.predictions tbody tr').first().waitFor();
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2);
    // Motion and sound are measured while the page is there.
    await page.locator('.strips').waitFor();
    await page.waitForFunction(() => document.querySelector('.strips [role=status]') === null);
    await page.evaluate(async () => {
      const video = document.querySelector('video') as HTMLVideoElement;
      video.pause();
      const sought = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
      video.currentTime = 2;
      await sought;
    });
    await page.mouse.move(0, 0);
    expect((await keep('clip')).length).toBeLessThan(300_000);
    await page.keyboard.press('g');
    await page.getByRole('link', { name: 'Season' }).click();
    await page.getByRole('heading', { name: 'Species by site' }).waitFor();
    await page.locator('svg').first().waitFor();
    expect((await keep('season')).length).toBeLessThan(300_000);
  });
});
