/// <reference lib="dom" />
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { seriousViolations } from '../support/accessibility.ts';
import { browserPath, startBrowser } from '../support/browser.ts';
import { open, output, serve, wide, type Served } from '../support/review-pages.ts';

const { dataset, bundle } = inject('trainedSample');
const looks = [
  { look: 'wide', options: wide },
  { look: 'dark', options: { ...wide, colorScheme: 'dark' } },
  { look: 'narrow', options: { viewport: { width: 390, height: 844 } } },
] as const;
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
const card = (page: Page) => page.locator('.grid a.card');
const notice = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();

describe.skipIf(browserPath === undefined)('sites and events in a browser', () => {
  let browser: Browser;
  let folder: TemporaryFolder;
  let served: Served;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-sites-');
    const times = ['00:00', '00:10', '01:30', '00:05'];
    for (const [i, site] of ['ridge', 'ridge', 'ridge', 'river'].entries()) {
      await mkdir(folder.join('card', site), { recursive: true });
      const name = `clip_000${i + 1}.mp4`;
      await symlink(join(dataset, 'clips', name), folder.join('card', site, name));
      times[i] = `${site}/${name},${site},2016-03-31T${times[i]}:00`;
    }
    await writeFile(folder.join('card/clips.csv'), ['filename,site,captured_at', ...times].join('\n'));
    browser = await startBrowser();
    served = await serve(folder.path, bundle);
    const { page } = await open(browser, served.url);
    await page.getByLabel('Folder on this computer').fill(folder.join('card'));
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page.getByRole('status').filter({ hasText: '4 clips, all predicted' }).waitFor({ timeout: 120_000 });
    await page.context().close();
  });
  afterAll(async () => {
    await browser.close();
    served.run.kill('SIGKILL');
    await served.run.ended;
    await folder.remove();
  });

  it('clips of an event are one card, selected and decided as a whole, and open into their clips', async () => {
    const { page, trouble } = await open(browser, served.url);
    await page.getByLabel('Events').selectOption('30');
    await page.getByText('4 clips in 3 cards').waitFor();
    const event = page.locator('.grid li.event');
    await event.getByText('2 clips').waitFor();
    await page.screenshot({ path: join(output, 'web-events.png') });
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByLabel('Select the 2 clips of this event').click({ force: true });
    await notice(page, '2 clips selected');
    await page.keyboard.press('b');
    await notice(page, '2 clips: blank.');
    await page.keyboard.press('z');
    await notice(page, 'Undone: “blank” for 2 clips.');
    await page.keyboard.press('Escape');
    await event.locator('a.card').click();
    await page.locator('.grid li.of-event').nth(1).waitFor();
    expect(await card(page).count()).toBe(4);
    await page.screenshot({ path: join(output, 'web-event-open.png') });
    await page.getByRole('link', { name: 'Close the open event' }).click();
    await event.waitFor();
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('a site is renamed, merged, placed, and its clock put right after a look; z undoes each', async () => {
    const { page, trouble } = await open(browser, served.url);
    await page.getByRole('link', { name: 'Sites' }).click();
    const row = (site: string) =>
      page.locator('tr').filter({ has: page.getByRole('rowheader', { name: site, exact: true }) });
    const edit = async (site: string, part: string) => {
      await page.getByRole('button', { name: `Edit ${site}`, exact: true }).click();
      await page.getByRole('button', { name: part, exact: true }).click();
    };
    await row('ridge').getByText('2016-03-31 01:30').waitFor();
    await edit('ridge', 'Clock');
    await page.getByLabel('It really was').fill('2017-03-31T00:00:00');
    await page.getByText('3 clips will be 365 d 0 h later.').waitFor();
    await page.screenshot({ path: join(output, 'web-clock.png') });
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Shift times' }).click();
    await notice(page, 'Times are 365 d 0 h later for 3 clips.');
    await row('ridge').getByText('2017-03-31 01:30').waitFor();
    await edit('ridge', 'Coordinates');
    await page.getByLabel('Latitude').fill('-1.95');
    await page.getByLabel('Longitude').fill('30.06');
    await page.getByRole('button', { name: 'Save' }).click();
    await row('ridge').getByText('-1.95, 30.06').waitFor();
    await edit('river', 'Name');
    await page.getByLabel('Name of the site').fill('ridge');
    await page.getByText('both become one site').waitFor();
    await page.getByRole('button', { name: 'Merge' }).click();
    await row('ridge').getByRole('link', { name: '4 clips of ridge' }).waitFor();
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('z');
      await notice(page, 'Undone: site, time or place');
      await page.getByRole('button', { name: 'Close this message' }).click();
    }
    await row('river').getByText('2016-03-31 00:05').first().waitFor();
    await row('ridge').getByText('2016-03-31 01:30').waitFor();
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it.each(looks)('the season in numbers that lead to their clips, as SVG and CSV: $look', async ({ look, options }) => {
    const { page, trouble } = await open(browser, served.url, options);
    await page.getByRole('link', { name: 'Season' }).click();
    await page.getByText(/^4 clips of 2 sites, 2016-03-31 to 2016-03-31/).waitFor();
    await page.getByRole('region', { name: 'Days with clips by site' }).waitFor();
    await page.screenshot({ path: join(output, `web-season-${look}.png`), fullPage: true });
    expect(await seriousViolations(page)).toEqual([]);
    expect(await fits(page)).toBe(true);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'SVG of Days with clips by site' }).click();
    expect((await saved).suggestedFilename()).toBe('effort.svg');
    await page.getByRole('region', { name: 'Clips by hour: all animals' }).getByRole('link').first().click();
    // On a phone filters are folded away.
    if (look === 'narrow') await page.getByText('Filters (2)').click();
    await page.getByRole('button', { name: /^Remove filter: Hour \d+$/ }).waitFor();
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it.each(looks)('fits, and axe finds nothing: $look', async ({ look, options }) => {
    const { page, trouble } = await open(browser, served.url, options);
    await page.goto(`${new URL(served.url).origin}/#/deployments`);
    await page.getByRole('rowheader', { name: 'ridge', exact: true }).waitFor();
    await page.screenshot({ path: join(output, `web-sites-${look}.png`) });
    expect(await seriousViolations(page)).toEqual([]);
    expect(await fits(page)).toBe(true);
    await page.getByRole('button', { name: 'Edit ridge', exact: true }).click();
    await page.getByRole('button', { name: 'Missing times' }).click();
    await page.screenshot({ path: join(output, `web-times-${look}.png`) });
    expect(await seriousViolations(page)).toEqual([]);
    expect(await fits(page)).toBe(true);
    expect(trouble).toEqual([]);
    await page.context().close();
  });
});
