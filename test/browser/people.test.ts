import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { seriousViolations } from '../support/accessibility.ts';
import { browserPath, startBrowser } from '../support/browser.ts';
import { open, output, serve, wide, type Served } from '../support/review-pages.ts';

const { dataset, bundle } = inject('trainedSample');

describe.skipIf(browserPath === undefined)('people of a project', () => {
  let folder: TemporaryFolder;
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-people-');
    await mkdir(folder.join('card/cam-1'), { recursive: true });
    const clips = (await readdir(join(dataset, 'clips'))).sort().slice(0, 4);
    for (const name of clips) await symlink(join(dataset, 'clips', name), folder.join(`card/cam-1/${name}`));
    browser = await startBrowser();
    served = await serve(folder.path, bundle);
  });
  afterAll(async () => {
    await browser.close();
    served.run.kill('SIGKILL');
    await served.run.ended;
    await folder.remove();
  });

  it('are invited by an address, decide in their own name, give second opinions, and see how far they agree', async () => {
    const { page, trouble } = await open(browser, served.url, { ...wide, bypassCSP: true });
    await page.getByLabel('Folder on this computer').fill(folder.join('card'));
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page.getByRole('status').filter({ hasText: '4 clips added' }).waitFor();
    await page.getByRole('link', { name: 'People' }).click();
    const invite = async (name: string, role: string) => {
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Role').selectOption(role);
      await page.getByRole('button', { name: 'Invite' }).click();
      const address = page.getByLabel(`Address for ${name}`);
      await address.waitFor();
      return address.inputValue();
    };
    const [ana, ben] = [await invite('Ana', 'review'), await invite('Ben', 'review')];
    const eve = await invite('Eve', 'look');
    await page.getByLabel('Clips for two people').selectOption('1');
    expect(await seriousViolations(page)).toEqual([]);

    const asAna = await open(browser, ana);
    expect(await asAna.page.getByRole('button', { name: 'Add clips' }).count()).toBe(0);
    await asAna.page.locator('a.card').first().click();
    await asAna.page.getByText('Ana', { exact: true }).waitFor();
    await asAna.page.keyboard.press('b');
    await asAna.page.getByRole('status').filter({ hasText: 'Undo' }).first().waitFor();

    const asBen = await open(browser, ben, { viewport: { width: 390, height: 844 }, bypassCSP: true });
    await asBen.page.goto(new URL('/#/people', asBen.page.url()).href);
    await asBen.page.getByRole('link', { name: 'Clips that wait for my opinion' }).click();
    await asBen.page.locator('a.card').first().click();
    await asBen.page.getByText('Ben', { exact: true }).waitFor();
    await asBen.page.keyboard.press('u');
    await asBen.page.getByRole('status').filter({ hasText: 'Undo' }).first().waitFor();

    const asEve = await open(browser, eve);
    await asEve.page.locator('a.card').first().click();
    await asEve.page.getByRole('heading', { level: 2 }).first().waitFor();
    expect(await asEve.page.locator('.review').count()).toBe(0);

    await page.reload();
    const row = page.getByRole('row', { name: /Ana and Ben/ });
    await row.waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual(['1', '0', '0.00']);
    await page.screenshot({ path: join(output, 'people.png'), fullPage: true });
    await asBen.page.goto(new URL('/#/people', asBen.page.url()).href);
    await asBen.page.getByRole('row', { name: /Ana and Ben/ }).waitFor();
    expect(await seriousViolations(asBen.page)).toEqual([]);
    await asBen.page.screenshot({ path: join(output, 'people-phone.png'), fullPage: true });
    await page.getByRole('button', { name: 'Remove Ana' }).click();
    await page.getByRole('button', { name: 'Remove Ana' }).waitFor({ state: 'detached' });
    await asAna.page.reload();
    await asAna.page.getByRole('alert').filter({ hasText: 'not signed in' }).waitFor();
    expect([...trouble, ...asBen.trouble, ...asEve.trouble]).toEqual([]);
  });
});
