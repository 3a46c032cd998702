/// <reference lib="dom" />
import { copyFile, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { camtrapFaults, sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip } from '@primatrix/video';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { seriousViolations } from '../support/accessibility.ts';
import { browserPath, startBrowser } from '../support/browser.ts';
import { open, output, serve, wide, type Served } from '../support/review-pages.ts';

const { dataset, bundle } = inject('trainedSample');
const schemas = sharedData('camtrap-dp');
const looks = [
  { look: 'light', options: wide },
  { look: 'dark', options: { ...wide, colorScheme: 'dark' } },
  { look: 'narrow', options: { viewport: { width: 390, height: 844 } } },
] as const;

const cards = (page: Page) => page.locator('.grid a.card');
const card = (page: Page, name: string) => cards(page).filter({ has: page.locator('.name', { hasText: name }) });
const shown = (page: Page, text: string) =>
  page.waitForFunction((total) => document.querySelector('.total')?.textContent === total, text);
const allPredicted = (page: Page, clips: string) =>
  page
    .getByRole('status')
    .filter({ hasText: `${clips}, all predicted` })
    .waitFor({ timeout: 120_000 });
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

describe.skipIf(browserPath === undefined)('a project in a browser', () => {
  let browser: Browser;
  let folder: TemporaryFolder;
  let served: Served;

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-project-');
    const site = folder.join('card/ridge');
    await mkdir(site, { recursive: true });
    for (const name of ['clip_0001.mp4', 'clip_0002.mp4', 'clip_0003.mp4', 'clip_0004.mp4']) {
      await symlink(join(dataset, 'clips', name), join(site, name));
    }
    const frames = Array.from({ length: 48 }, (_, i) => new Uint8Array(64 * 48 * 3).fill(i * 5));
    await encodeClip({ out: join(site, 'silent.mp4'), width: 64, height: 48, fps: 12, frames });
    await writeFile(join(site, 'torn.mp4'), 'no clip');
    await writeFile(
      folder.join('card/clips.csv'),
      [
        'filename,site,captured_at,latitude,longitude',
        ...['clip_0001', 'clip_0002', 'clip_0003', 'clip_0004', 'silent', 'torn'].map(
          (name, i) => `ridge/${name}.mp4,ridge,2016-03-31T17:0${i}:00,-1.5,30.25`,
        ),
      ].join('\n'),
    );
    browser = await startBrowser();
    served = await serve(folder.path, bundle);
  });
  afterAll(async () => {
    await browser.close();
    served.run.kill('SIGKILL');
    await served.run.ended;
    await folder.remove();
  });

  it('shows while clips are predicted how far each family is and what it costs, also after a reload', async () => {
    const { page, trouble } = await open(browser, served.url);
    await page.getByLabel('Folder on this computer').fill(folder.join('card'));
    await page.getByRole('button', { name: 'Add folder' }).click();
    await page.getByRole('button', { name: 'By family' }).click();
    const row = (family: string) =>
      page.locator('.families tr').filter({ has: page.getByRole('rowheader', { name: family, exact: true }) });
    const costOf = async (family: string) => row(family).locator('td').last().textContent();
    for (const family of ['video-ingest', 'image-hash', 'net-imagehash-gru']) {
      await row(family)
        .getByText(/^[<\d].* (ms|s)$/)
        .waitFor({ timeout: 120_000 });
    }
    await page.screenshot({ path: join(output, 'web-families.png') });
    await page.reload();
    await row('video-ingest').waitFor();
    expect(await costOf('video-ingest')).toMatch(/s$/);
    await allPredicted(page, '6 clips');
    for (const family of ['video-ingest', 'image-hash', 'net-imagehash-gru', 'ensemble']) {
      await row(family).getByText('6 of 6').waitFor();
    }
    await row('ensemble')
      .getByText(/ (ms|s)$/)
      .waitFor();
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it.each(looks)(
    'draws the sound as a spectrogram on the time of the player, and says so where there is none: $look',
    async ({ look, options }) => {
      const { page, trouble } = await open(browser, served.url, options);
      await card(page, 'clip_0001.mp4').click();
      const picture = page.getByRole('img', {
        name: /^Spectrogram of \d+\.\d s of sound, .* loudest at \d+\.\d s around [\d,]+ Hz/,
      });
      await picture.waitFor({ timeout: 60_000 });
      await page.locator('.timeline svg').nth(1).waitFor();
      const drawn = await picture.evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        return {
          colours: new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(i * 4, i * 4 + 3).join())).size,
          bands: canvas.height,
        };
      });
      expect(drawn.colours).toBeGreaterThan(20);
      expect(drawn.bands).toBe(64);
      // Motion, loudness, sound and player have the same left edge and width; a click in the middle goes to the middle.
      const edges = await page.evaluate(() =>
        [...document.querySelectorAll('.timeline, video')]
          .map((one) => one.getBoundingClientRect())
          .map(({ left, width }) => `${Math.round(left)} ${Math.round(width)}`),
      );
      expect([edges.length, new Set(edges).size]).toEqual([4, 1]);
      // Before the player knows how long the clip is, no click can lead into the middle of it.
      await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 1);
      await page.evaluate(() => document.querySelector('video')?.pause());
      await picture.scrollIntoViewIfNeeded();
      const box = await picture.boundingBox();
      await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 20);
      const share = () =>
        page.evaluate(() => {
          const video = document.querySelector('video');
          return video === null ? 0 : video.currentTime / video.duration;
        });
      await page.waitForFunction(() => document.querySelector('video')?.seeking === false);
      expect(Math.abs((await share()) - 0.5)).toBeLessThan(0.05);
      const before = await page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);
      await page.locator('main.clip h2').focus();
      await page.keyboard.press('ArrowLeft');
      expect(await page.evaluate(() => document.querySelector('video')?.currentTime ?? 0)).toBeCloseTo(before - 1, 1);
      await page.waitForFunction(
        () => Number(document.querySelector<HTMLElement>('.strips')?.style.getPropertyValue('--at')) > 0.2,
      );
      expect(await fits(page)).toBe(true);
      await page.screenshot({ path: join(output, `web-spectrogram-${look}.png`), fullPage: true });
      await page.goto(new URL('/#/', served.url).href);
      await card(page, 'silent.mp4').click();
      await page.getByText('This clip has no sound.').waitFor({ timeout: 60_000 });
      expect(trouble).toEqual([]);
      await page.context().close();
    },
  );

  it('exports a valid Camtrap DP package as one file, with what people decided and the zone that was asked for', async () => {
    const { page, trouble } = await open(browser, served.url);
    await card(page, 'clip_0002.mp4').click();
    await page.getByLabel('Reviewer').fill('J. Doe');
    await page.locator('main.clip h2').focus();
    for (const key of ['2', '3', 'd']) await page.keyboard.press(key);
    const animals = page.locator('.observation');
    await animals.nth(1).getByRole('button', { name: '+ more' }).press('Enter');
    await animals.nth(1).getByLabel('Life stage').selectOption('juvenile');
    await animals.nth(2).getByLabel('Sex').selectOption('female');
    await animals.first().getByLabel('Behaviour').fill('feeding');
    await animals.first().getByRole('button', { name: 'Out now' }).press('Enter');
    await page.screenshot({ path: join(output, 'web-observations.png'), fullPage: true });
    expect(await seriousViolations(page)).toEqual([]);
    await animals.first().getByLabel('Count of').fill('3');
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      () => document.querySelector('main.clip h2')?.textContent?.includes('clip_0003') === true,
    );
    await page.keyboard.press('g');
    await page.locator('.menu summary').click();
    await page.getByRole('button', { name: 'camtrap-dp.zip…' }).click();
    await page.getByLabel('Time zone').fill('Africa/Kinshasa');
    await page.getByLabel('Who is to be named').fill('J. Doe');
    await page.screenshot({ path: join(output, 'web-camtrap.png') });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    const files = unzipSync(await readFile(await download.path()));
    await mkdir(folder.join('package'), { recursive: true });
    for (const [name, bytes] of Object.entries(files)) await writeFile(folder.join(`package/${name}`), bytes);
    if (schemas !== undefined) expect(await camtrapFaults(folder.join('package'), schemas)).toEqual([]);
    const text = (name: string) => strFromU8(files[name] as Uint8Array);
    expect(
      text('observations.csv')
        .split('\n')
        .filter((row) => row.includes(',human,J. Doe,')),
    ).toHaveLength(3);
    expect(text('observations.csv')).toMatch(/,animal,[^,]*,3,,,feeding,.*,human,J\. Doe,/);
    expect(text('media.csv')).toContain('2016-03-31T17:00:00+01:00,card/ridge/clip_0001.mp4');
    expect(text('deployments.csv')).toContain(',ridge,-1.5,30.25,');
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('removes clips, undoes that, deletes uploads where asked, and looks again at what was replaced; all of it by keyboard and over kill -9', async () => {
    const first = await open(browser, served.url);
    const { page } = first;
    await shown(page, '6 clips');
    await page.getByRole('button', { name: 'Add clips' }).click();
    await page.getByLabel('Clips to upload').setInputFiles({
      name: 'up.mp4',
      mimeType: 'video/mp4',
      buffer: await readFile(folder.join('card/ridge/silent.mp4')),
    });
    await allPredicted(page, '7 clips');
    await page.getByRole('button', { name: 'Close', exact: true }).click();

    await card(page, 'clip_0001.mp4').focus();
    await page.keyboard.press('x');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('x');
    await page.getByText('2 clips selected').waitFor();
    await page.screenshot({ path: join(output, 'web-chosen.png') });
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Remove 2 clips from the project?' });
    await dialog.waitFor();
    await page.keyboard.press('Enter');
    await shown(page, '5 clips');
    await page.getByText('2 clips removed.').waitFor();
    await page.screenshot({ path: join(output, 'web-removed.png') });
    expect((await stat(folder.join('card/ridge/clip_0001.mp4'))).size).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await shown(page, '7 clips');
    await allPredicted(page, '7 clips');
    // Its decision came back with it.
    await card(page, 'clip_0002.mp4').getByText('corrected').waitFor();

    // One of each kind: what is asked differs.
    await card(page, 'up.mp4').focus();
    await page.keyboard.press('x');
    await card(page, 'clip_0003.mp4').focus();
    await page.keyboard.press('x');
    await page.getByText('2 clips selected').waitFor();
    await page.keyboard.press('Delete');
    await page.getByText('1 of them was uploaded').waitFor();
    await page.screenshot({ path: join(output, 'web-remove-upload.png') });
    await page.getByRole('button', { name: 'Remove and delete 1 uploaded file' }).click();
    await shown(page, '5 clips');
    await expect(stat(folder.join('primatrix-review/uploads/up.mp4'))).rejects.toThrow('ENOENT');
    expect((await stat(folder.join('card/ridge/clip_0003.mp4'))).size).toBeGreaterThan(0);

    // The file that could not be read is replaced, and looked at again.
    await copyFile(folder.join('card/ridge/silent.mp4'), folder.join('card/ridge/torn.mp4'));
    await card(page, 'torn.mp4').press('Enter');
    await page.getByText('Cannot be read:').waitFor();
    await page.keyboard.press('r');
    await page.getByText('1 clip will be analysed again.').waitFor();
    await page.getByText('Cannot be read:').waitFor({ state: 'detached', timeout: 60_000 });
    await page
      .getByRole('region', { name: 'Model predictions' })
      .or(page.locator('section.predictions'))
      .first()
      .waitFor({ timeout: 60_000 });
    await page.context().close();

    served.run.kill('SIGKILL');
    await served.run.ended;
    served = await serve(folder.path, bundle);
    const again = await open(browser, served.url);
    await allPredicted(again.page, '5 clips');
    await cards(again.page).nth(4).waitFor();
    expect((await again.page.locator('.grid .name').allTextContents()).sort()).toEqual([
      'clip_0001.mp4',
      'clip_0002.mp4',
      'clip_0004.mp4',
      'silent.mp4',
      'torn.mp4',
    ]);
    expect([first.trouble, again.trouble]).toEqual([[], []]);
    await again.page.context().close();
  });

  it.each(looks)('has no serious violation of the accessibility guidelines: $look', async ({ look, options }) => {
    const { page } = await open(browser, served.url, options);
    await cards(page).first().waitFor();
    const found: Record<string, readonly string[]> = {};
    const check = async (place: string) => (found[place] = await seriousViolations(page));
    // Keys are heard again once the dialog is gone: not hidden, which it is before.
    const leave = async () => {
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    };
    await page.getByRole('button', { name: 'By family' }).click();
    await page.locator('.families').waitFor();
    await cards(page).first().focus();
    await page.keyboard.press('x');
    await page.keyboard.press('t');
    await page.getByRole('dialog', { name: 'Note for 1 clip' }).waitFor();
    await check('note');
    // Also where the focus got lost: what is selected stays so.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await leave();
    await page.keyboard.press('/');
    await page.getByRole('dialog', { name: 'Species in 1 clip' }).waitFor();
    await check('species');
    await leave();
    expect(await fits(page)).toBe(true);
    await page.screenshot({ path: join(output, `web-project-${look}.png`) });
    await check('grid');
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').waitFor();
    await check('remove');
    await leave();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Accept blanks…' }).click();
    await check('accept blanks');
    await leave();
    await page.locator('.menu summary').click();
    await check('export menu');
    await page.getByRole('button', { name: 'camtrap-dp.zip…' }).click();
    await page.getByRole('dialog').waitFor();
    await page.screenshot({ path: join(output, `web-camtrap-${look}.png`) });
    await check('camtrap');
    await leave();
    await page.locator('.menu summary').click();
    await card(page, 'clip_0001.mp4').click();
    await page.locator('.strips canvas').waitFor();
    await page.locator('.predictions tbody tr').first().waitFor();
    await check('clip');
    await page.locator('main.clip h2').focus();
    await page.keyboard.press('s');
    await page.getByRole('dialog', { name: 'Site and time' }).waitFor();
    await check('site and time');
    await leave();
    await page.locator('main.clip h2').focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await check('keys');
    await leave();
    await page.getByRole('link', { name: '← All clips' }).click();
    await page.getByRole('button', { name: 'Add clips' }).click();
    await check('add');
    expect(Object.entries(found).flatMap(([place, faults]) => faults.map((fault) => `${place}: ${fault}`))).toEqual([]);
    await page.context().close();
  });
});
