/// <reference lib="dom" />
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { seriousViolations } from '../support/accessibility.ts';
import { browserPath, startBrowser } from '../support/browser.ts';
import { start, type Running } from '../support/primatrix.ts';
import { open, output, token, wide } from '../support/review-pages.ts';

const { dataset, bundle } = inject('trainedSample');
const models = sharedData('models');
const looks = [
  { look: 'wide', options: { ...wide, locale: 'fr-FR' } },
  { look: 'narrow', options: { viewport: { width: 390, height: 844 }, locale: 'fr-CA' } },
] as const;

describe.skipIf(browserPath === undefined)('the pages in French', () => {
  let browser: Browser;
  let folder: TemporaryFolder;
  let running: Running;
  let address: string;

  /** As somebody opens the folder, without naming a port. */
  async function ui(): Promise<void> {
    running = start(['ui', folder.path, '--bundle', bundle, '--no-open'], { env: { PRIMATRIX_TOKEN: token } });
    address = /open +(\S+)/.exec(await running.says('(Ctrl-C'))?.[1] ?? '';
  }
  async function stop(): Promise<void> {
    running.kill('SIGKILL');
    await running.ended;
  }

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-language-');
    const rows = ['ridge', 'ridge', 'river'].map((site, i) => {
      const name = `clip_000${i + 1}.mp4`;
      return { site, name, row: `${site}/${name},${site},2016-03-31T00:1${i}:00,-1.5,30.2${i}` };
    });
    for (const { site, name } of rows) {
      await mkdir(folder.join(site), { recursive: true });
      await symlink(join(dataset, 'clips', name), folder.join(site, name));
    }
    const table = ['filename,site,captured_at,latitude,longitude', ...rows.map(({ row }) => row)];
    await writeFile(folder.join('clips.csv'), table.join('\n'));
    browser = await startBrowser();
    await ui();
  });
  afterAll(async () => {
    await browser.close();
    await stop();
    await folder.remove();
  });

  it.each(looks)('say all in it, and fit: $look', async ({ look, options }) => {
    const { page, trouble } = await open(browser, address, options);
    const shot = async (name: string) => {
      await page.screenshot({ path: join(output, `web-fr-${name}-${look}.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect(await seriousViolations(page)).toEqual([]);
    };
    await page.getByRole('status').filter({ hasText: '3 clips, tout est prédit' }).waitFor({ timeout: 120_000 });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('fr');
    await page.getByRole('link', { name: /À vérifier/ }).waitFor();
    await shot('grid');

    await page.locator('.grid a.card').first().click();
    await page.getByRole('heading', { name: 'Que montre ce clip ?' }).waitFor();
    // Wherever the page is scrolled to, a decision is in reach.
    const bar = await page.getByRole('group', { name: 'Décision' }).boundingBox();
    const { width, height } = options.viewport;
    expect(bar === null ? null : bar.y >= 0 && bar.y + bar.height <= height && bar.x + bar.width <= width).toBe(true);
    await shot('clip');
    // What stands for a clip without animals is data: shown and understood in French, kept as it is.
    await page.keyboard.press('/');
    await page.keyboard.type('vide');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Enregistrer vide' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: /\.mp4\u00a0: vide\./ })
      .waitFor();
    await page.keyboard.press('z');
    await page.getByRole('status').filter({ hasText: 'Annulé\u00a0: «\u00a0vide\u00a0» pour 1 clip.' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Clavier' }).waitFor();
    await shot('keys');
    await page.keyboard.press('Escape');

    await page.evaluate(() => (location.hash = '#/season'));
    await page.getByText('3 clips de 2 sites, du 31/03/2016 au 31/03/2016.').waitFor();
    await shot('season');
    await page.evaluate(() => (location.hash = '#/deployments'));
    await page.getByRole('row', { name: /ridge/ }).getByText('31/03/2016 00:10').waitFor();
    await page.getByRole('button', { name: 'Modifier ridge' }).click();
    for (const part of ['Coordonnées', 'Horloge', 'Fuseau horaire', 'Heures manquantes']) {
      await page.getByRole('button', { name: part, exact: true }).click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
    await shot('sites');
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('say all of the first screen in it, and fit a phone', async () => {
    await mkdir(folder.join('empty'));
    const nowhere = { npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' };
    const first = start(['ui', folder.join('empty'), '--no-open'], {
      env: { ...nowhere, PRIMATRIX_MODELS: models ?? folder.join('none'), PRIMATRIX_TOKEN: token },
      cwd: folder.join('empty'),
    });
    const url = /open +(\S+)/.exec(await first.says('(Ctrl-C'))?.[1] ?? '';
    const { page, trouble } = await open(browser, url, looks[1].options);
    await page.getByRole('heading', { name: '3. Combien de temps cela prendra-t-il ?' }).waitFor();
    await page.getByText('Télécharger un modèle').waitFor();
    await page.screenshot({ path: join(output, 'web-fr-setup-narrow.png'), fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect([await seriousViolations(page), trouble]).toEqual([[], []]);
    await page.context().close();
    first.kill('SIGKILL');
    await first.ended;
  });

  it('the language can be changed, and is kept with the keys when the folder is opened again', async () => {
    const { page, trouble } = await open(browser, address, looks[0].options);
    await page.getByLabel('Langue').selectOption('en');
    await page.getByRole('link', { name: /Review queue/ }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.locator('.grid a.card').first().click();
    await page.locator('.choices button').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('button', { name: /^Change the key for: unsure/ }).click();
    await page.keyboard.press('k');
    await page.keyboard.press('Escape');
    await decided(page, 'k', 'unsure');

    const before = address;
    await stop();
    await ui();
    expect(address).toBe(before);
    await page.goto('about:blank');
    await page.goto(address);
    await page.getByRole('link', { name: /Review queue/ }).waitFor();
    // It is this browser's decision that is undone, and its key that decides.
    await page.keyboard.press('z');
    await page.getByRole('status').filter({ hasText: 'Undone: “unsure” for 1 clip.' }).waitFor();
    await page.locator('.grid a.card').first().focus();
    await decided(page, 'k', 'unsure');
    expect(trouble.filter((text) => !text.includes('ERR_'))).toEqual([]);
    await page.context().close();
  });
});

async function decided(page: Page, key: string, says: string): Promise<void> {
  await page.keyboard.press(key);
  await page
    .getByRole('status')
    .filter({ hasText: new RegExp(`\\.mp4: ${says}\\.`) })
    .waitFor();
}
