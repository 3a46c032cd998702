/// <reference lib="dom" />
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { browserPath, startBrowser } from '../support/browser.ts';
import { run } from '../support/primatrix.ts';
import { open, output, serve, token, wide, type Served } from '../support/review-pages.ts';

const { dataset, bundle } = inject('trainedSample');
const cards = (page: Page) => page.locator('.grid a.card');
const totalOf = (page: Page) => page.locator('.total').textContent();

describe.skipIf(browserPath === undefined)('the pages in a browser', () => {
  let browser: Browser;
  let folder: TemporaryFolder;
  let clips: string[];
  let served: Served;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-web-');
    await mkdir(folder.join('card/cam-1'), { recursive: true });
    // Six clips, of which one is damaged, stay in a folder; a seventh is uploaded.
    clips = (await readdir(join(dataset, 'clips')))
      .sort()
      .slice(0, 7)
      .map((name) => join(dataset, 'clips', name));
    for (const clip of clips.slice(0, 6)) await symlink(clip, folder.join(`card/cam-1/${basename(clip)}`));
    browser = await startBrowser();
    served = await serve(folder.path, bundle);
  });
  afterAll(async () => {
    await browser.close();
    served.run.kill('SIGKILL');
    await served.run.ended;
    await folder.remove();
  });

  it('adds clips, shows progress, filters, reviews by keyboard, exports, and finds all of it again after kill -9', async () => {
    const { page, trouble } = await open(browser, served.url);
    expect(page.url()).not.toContain(token);
    await page.getByLabel('Folder on this computer').fill(folder.join('card'));
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page.getByRole('status').filter({ hasText: '6 clips added' }).waitFor();
    await page.getByRole('progressbar', { name: 'Clips predicted' }).waitFor();
    await page.screenshot({ path: join(output, 'web-progress.png') });
    await page.getByLabel('Clips to upload').setInputFiles(clips[6] ?? '');
    await page.getByRole('status').filter({ hasText: '7 clips, all predicted' }).waitFor({ timeout: 120_000 });
    expect(await cards(page).count()).toBe(7);
    await page
      .locator('.grid img')
      .first()
      .evaluate((image: HTMLImageElement) => image.decode());
    await page.waitForFunction(
      () =>
        document.querySelectorAll('.grid img').length >= 6 &&
        [...document.querySelectorAll<HTMLImageElement>('.grid img')].every(({ complete }) => complete),
    );
    await page.screenshot({ path: join(output, 'web-grid.png') });

    await page.getByLabel('Site').selectOption('uploads');
    await page.getByText('1 clip', { exact: true }).waitFor();
    expect(await cards(page).locator('.name').allTextContents()).toEqual([basename(clips[6] ?? '')]);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('7 clips', { exact: true }).waitFor();

    // The queue, by keyboard alone: accept, correct with two species, blank, unsure, and one taken back.
    await page.getByRole('link', { name: 'Review queue' }).click();
    await page.waitForFunction(() => location.hash.includes('sort=disagreement'));
    await cards(page).first().press('Enter');
    const names: string[] = [];
    const decide = async (...keys: string[]) => {
      const heading = page.locator('main.clip h2');
      await page.locator('.choices button').first().waitFor();
      const name = (await heading.textContent()) ?? '';
      names.push(name);
      for (const key of keys) await page.keyboard.press(key);
      await page.waitForFunction(
        (last) =>
          document.querySelector('main.clip h2') !== null &&
          document.querySelector('main.clip h2')?.textContent !== last,
        name,
      );
    };
    await decide('a');
    await decide('2', '3', 'Enter');
    await decide('b');
    await page.locator('.predictions tbody tr').first().waitFor();
    await page.waitForFunction(
      () => document.querySelector('.strips canvas, .silent') !== null || document.querySelector('p.nothing') !== null,
    );
    await page.screenshot({ path: join(output, 'web-clip.png'), fullPage: true });
    await decide('u');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('okapi');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'okapi', pressed: true }).waitFor();
    await decide('Enter');
    expect(new Set(names).size).toBe(5);
    await page.keyboard.press('g');
    await page.waitForFunction(() => document.querySelector('.total')?.textContent === '2 clips');

    // Nothing that was saved is lost, whatever happens to the process.
    await page.context().close();
    served.run.kill('SIGKILL');
    await served.run.ended;
    served = await serve(folder.path, bundle);
    const again = await open(browser, served.url);
    await again.page.getByRole('status').filter({ hasText: '7 clips, all predicted' }).waitFor({ timeout: 120_000 });
    await again.page.getByLabel('Review', { exact: true }).selectOption('done');
    await again.page.waitForFunction(() => document.querySelector('.total')?.textContent === '5 clips');
    await again.page.screenshot({ path: join(output, 'web-reviewed.png') });

    const labels = await exported(again.page, 'train_labels.csv');
    const [header = '', ...rows] = labels.trim().split('\n');
    expect(header.endsWith(',okapi')).toBe(true);
    // Unsure clips are no labels.
    expect(rows.map((row) => row.split(',')[0]).sort()).toEqual([0, 1, 2, 4].map((i) => names[i]).sort());
    const positives = (name: string | undefined) =>
      rows
        .find((row) => row.startsWith(`${name},`))
        ?.split(',')
        .slice(1)
        .filter((cell) => cell === '1').length;
    expect([positives(names[1]), positives(names[4])]).toEqual([2, 1]);
    // The same rows as the command line's, but for paths of this machine.
    const out = folder.join('predictions.csv');
    expect(
      (
        await run([
          'predict',
          folder.join('card'),
          folder.join('primatrix-review/uploads'),
          '--bundle',
          bundle,
          '--out',
          out,
        ])
      ).status,
    ).toBe(1);
    const byClip = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((row) => row.slice(row.includes('clip_') ? row.indexOf('clip_') : 0))
        .sort();
    expect(byClip(await exported(again.page, 'predictions.csv'))).toEqual(
      byClip((await readFile(out, 'utf8')).replaceAll(`${folder.path}/`, '')),
    );
    expect([trouble, again.trouble]).toEqual([[], []]);
    await again.page.context().close();
  });

  it('decides on the focused card and on selections, undoes all of it from anywhere, and leaves what another person decided', async () => {
    const [ana, ben] = [await open(browser, served.url), await open(browser, served.url)];
    const { page } = ana;
    const notice = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();
    const marks = () =>
      page
        .locator('.grid a.card')
        .evaluateAll((all) => all.map((one) => one.querySelector('.mark')?.classList[1] ?? ''));
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-index'));
    await cards(page).nth(6).waitFor();
    const before = await marks();
    await cards(page).first().focus();
    await page.keyboard.press('b');
    await notice(/^clip_\d+\.mp4: blank\./);
    await page.locator('li:nth-child(1) .mark.blank').waitFor();
    expect(await focused()).toBe('1');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('2 clips selected').waitFor();
    await page.screenshot({ path: join(output, 'web-selected.png') });
    await page.keyboard.press('u');
    await notice('2 clips: unsure.');
    await page.getByText('2 clips selected').waitFor({ state: 'detached' });
    await page.keyboard.press('*');
    await page.getByText('7 clips selected').waitFor();
    await page.keyboard.press('/');
    await page.getByRole('dialog', { name: 'Species in 7 clips' }).waitFor();
    await page.keyboard.type('okapi, hog');
    await page.keyboard.press('Enter');
    await notice('7 clips: okapi, hog.');

    // Another person has the same clips before them.
    await cards(ben.page).first().press('Enter');
    await ben.page.locator('.decided').filter({ hasText: 'okapi' }).waitFor();
    await ben.page.keyboard.press('b');
    await ben.page.getByRole('status').filter({ hasText: 'blank.' }).waitFor();

    await page.keyboard.press('z');
    await notice('1 clip decided again since: not changed.');
    await page.getByText('7 clips selected').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('z');
    await notice('Undone: “unsure” for 2 clips.');
    await page.keyboard.press('Escape');
    await page.keyboard.press('z');
    await notice('Undone: “blank” for 1 clip.');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-index') === '0');
    expect(await marks()).toEqual(['blank', ...before.slice(1)]);
    await page.keyboard.press('z');
    await notice('There is no decision of yours to undo.');
    await ben.page.keyboard.press('z');
    await ben.page.getByRole('status').filter({ hasText: 'Undone' }).waitFor();

    // A note is no decision; all blanks that are sure enough, and what that costs.
    await page.keyboard.press('t');
    await page.keyboard.type('rain on the lens');
    await page.getByRole('button', { name: 'Save' }).click();
    await notice('Note saved for clip_');
    await page.getByRole('button', { name: 'Accept blanks…' }).click();
    await page
      .getByRole('dialog')
      .getByText(/There are none\.|By the model’s calibration, about/)
      .waitFor();
    await page.screenshot({ path: join(output, 'web-accept-blanks.png') });
    await page.keyboard.press('Escape');

    // The queue keeps its list: what was decided in it can be gone back to.
    await page.getByLabel('Review', { exact: true }).selectOption('open');
    await page.waitForFunction(() => document.querySelector('.total')?.textContent === '2 clips');
    await cards(page).first().press('Enter');
    const place = (text: string) => page.locator('.crumbs').getByText(text, { exact: true }).waitFor();
    await place('1 of 2');
    const heading = await page.locator('main.clip h2').textContent();
    await page.keyboard.press('b');
    await place('2 of 2');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.screenshot({ path: join(output, 'web-undo.png') });
    await page.reload();
    await place('2 of 2');
    await page.keyboard.press('p');
    await place('1 of 2');
    await page.locator('.decided').filter({ hasText: 'blank' }).waitFor();
    await page.keyboard.press('n');
    await place('2 of 2');
    await page.keyboard.press('z');
    await place('1 of 2');
    await page
      .locator('main.clip h2')
      .filter({ hasText: heading ?? '' })
      .waitFor();
    await page.locator('.decided').waitFor({ state: 'detached' });
    expect([ana.trouble, ben.trouble]).toEqual([[], []]);
    for (const one of [ana, ben]) await one.page.context().close();
  });

  it.each([
    { look: 'narrow', options: { viewport: { width: 390, height: 844 } } },
    { look: 'dark', options: { ...wide, colorScheme: 'dark' } },
  ] as const)(
    'keeps to its width, has names for all that can be pressed, and can be walked with arrows: $look',
    async ({ look, options }) => {
      const { page, trouble } = await open(browser, served.url, options);
      await cards(page).first().waitFor();
      await page.screenshot({ path: join(output, `web-grid-${look}.png`) });
      const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      expect(await fits()).toBe(true);
      expect(await totalOf(page)).toBe('7 clips');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('0');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('2');
      await page.keyboard.press('Enter');
      await page.locator('section.review').waitFor();
      expect(await fits()).toBe(true);
      await page.screenshot({ path: join(output, `web-clip-${look}.png`), fullPage: true });
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll('button, a, input:not([hidden]), select, video, svg[role=img]')]
          .filter((element) => {
            const label =
              element.getAttribute('aria-label') ??
              element.getAttribute('title') ??
              element.closest('label')?.textContent ??
              element.textContent ??
              '';
            return label.trim() === '';
          })
          .map(({ outerHTML }) => outerHTML),
      );
      expect(nameless).toEqual([]);
      expect(trouble).toEqual([]);
      await page.context().close();
    },
  );

  it('says what to do where somebody comes without the token', async () => {
    const { page } = await open(browser, new URL('/', served.url).href);
    await page.getByRole('alert').filter({ hasText: 'Open the address' }).waitFor();
    await page.context().close();
  });
});

/** What the export menu downloads. */
async function exported(page: Page, name: string): Promise<string> {
  await page.locator('.menu summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.menu').getByRole('link', { name, exact: true }).click(),
  ]);
  await page.locator('.menu summary').click();
  return readFile(await download.path(), 'utf8');
}
