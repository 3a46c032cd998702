/// <reference lib="dom" />
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { camtrapFaults, sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, describe, it } from 'vitest';
import { seriousViolations } from '../support/accessibility.ts';
import { browserPath, startBrowser } from '../support/browser.ts';
import { run, start, type Running } from '../support/primatrix.ts';
import { open, output, token } from '../support/review-pages.ts';

const models = sharedData('models');
const clips = sharedData('clips');
const schemas = sharedData('camtrap-dp');
const narrow = { viewport: { width: 390, height: 844 } };

/** While the project takes the place of the first screen nobody listens for a moment. */
const real = (trouble: readonly string[]) => trouble.filter((text) => !text.includes('ERR_CONNECTION'));

describe.skipIf(browserPath === undefined)('a project that begins with nothing', () => {
  let browser: Browser;
  let folder: TemporaryFolder;
  let running: Running | undefined;

  /** Opens a folder as somebody does who knows of no bundle and no option. */
  async function ui(env: Record<string, string>): Promise<string> {
    running = start(['ui', folder.join('season'), '--no-open'], {
      env: { ...env, PRIMATRIX_TOKEN: token },
      cwd: folder.path,
    });
    return /open +(\S+)/.exec(await running.says('(Ctrl-C'))?.[1] ?? '';
  }
  const stop = async (signal: NodeJS.Signals) => {
    running?.kill(signal);
    await running?.ended;
    running = undefined;
  };

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-nothing-');
    await mkdir(folder.join('season'));
    await mkdir(folder.join('my card/DCIM'), { recursive: true });
    browser = await startBrowser();
  });
  afterEach(() => stop('SIGKILL'));
  afterAll(async () => {
    await browser.close();
    await folder.remove();
  });

  it('says how to get a model where there is none', async () => {
    // A registry that nobody is at: what cannot be had is said.
    const nowhere = { npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' };
    const address = await ui({ PRIMATRIX_MODELS: folder.join('none'), ...nowhere });
    const { page, trouble } = await open(browser, address, narrow);
    await page.getByText('Nothing that can analyse clips is installed yet.').waitFor();
    expect(await page.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.screenshot({ path: join(output, 'web-setup-nothing.png'), fullPage: true });
    await page.getByRole('button', { name: 'Download centernet-mobilenetv3' }).press('Enter');
    await page.getByRole('alert').filter({ hasText: 'cannot download @vladmandic/human' }).waitFor();
    expect([await seriousViolations(page), trouble]).toEqual([[], []]);
    await page.context().close();
  });

  it.skipIf(models === undefined || clips === undefined)(
    'chooses folder and model, estimates, predicts, draws boxes in time, and finds its choice again after kill -9',
    async () => {
      const gorilla = 'lope_Theo_codification_gorilla_videos_2015_T37.0314.1632_EK000059.AVI';
      for (const name of ['ACP0006s6f-small-cat.mp4', gorilla]) {
        await copyFile(join(clips as string, name), folder.join(`my card/DCIM/${name}`));
      }
      const env = { PRIMATRIX_MODELS: models as string };
      const { page, trouble } = await open(browser, await ui(env));
      await page.getByText(/yolox-nano 1\.0\.0/).waitFor();
      await page
        .getByText(/licence unknown · commercial use not known · \d+(\.\d)? m?s per picture here/)
        .waitFor({ timeout: 60_000 });
      expect(await seriousViolations(page)).toEqual([]);
      // Pasted as a file manager copies it, then picked one level deeper, by keyboard.
      await page.getByLabel('Folder on this computer').fill(`"${folder.join('my card')}"`);
      await page.getByRole('button', { name: 'Browse…' }).press('Enter');
      const picker = page.getByRole('dialog', { name: 'Choose a folder' });
      await picker.getByRole('button', { name: 'DCIM' }).press('Enter');
      await picker.getByText('2 clips here').waitFor();
      await page.screenshot({ path: join(output, 'web-setup-picker.png') });
      expect(await seriousViolations(page)).toEqual([]);
      await picker.getByRole('button', { name: 'Use this folder' }).press('Enter');
      expect(await page.getByLabel('Folder on this computer').inputValue()).toBe(folder.join('my card/DCIM'));
      await page.getByRole('button', { name: 'Estimate' }).press('Enter');
      await page.getByText(/for 2 clips, by 2 clips tried on this computer/).waitFor({ timeout: 60_000 });
      await page.getByText(/Their records need < 0\.1 MB/).waitFor();
      // Fewer frames: each choice is tried once the dial rests, and what it finds stands beside the others.
      const dial = page.getByRole('slider', { name: /^Analyse at most/ });
      await dial.press('End');
      const tried = page.getByRole('region', { name: 'Tried on this computer' }).locator('tbody tr');
      await tried.nth(1).waitFor({ timeout: 60_000 });
      await dial.press('Home');
      for (const frames of [30, 15]) {
        await dial.press('ArrowRight');
        await page.getByText(`Analyse at most ${frames} frames of each clip`).waitFor();
      }
      await tried.nth(2).waitFor({ timeout: 60_000 });
      expect(await tried.locator('th').allTextContents()).toEqual(['60', '15', '2']);
      for (const row of await tried.all()) expect(await row.textContent()).toMatch(/(\d s|ms).*\d of 2 clips$/);
      // An amount of time instead: the most frames that fit by what was tried. Between what 60 and 15 frames take lie 30 or 15.
      const secondsWith = async (looks?: number) => {
        const source = { models: ['yolox-nano'], ...(looks === undefined ? {} : { looks }) };
        const answer = await fetch(new URL('/api/setup/estimate', page.url()), {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ source, folder: folder.join('my card/DCIM') }),
        });
        return ((await answer.json()) as { seconds: number }).seconds;
      };
      const hours = page.getByLabel('Hours you have (optional)');
      await hours.fill(String(((await secondsWith()) + (await secondsWith(15))) / 2 / 3600));
      await page.getByRole('button', { name: 'Estimate' }).press('Enter');
      await page.getByText(/With (30|15) frames of each clip they fit into/).waitFor({ timeout: 120_000 });
      expect(await dial.getAttribute('aria-valuetext')).toMatch(/at most (30|15) frames/);
      await hours.fill('0.0001');
      await page.getByRole('button', { name: 'Estimate' }).press('Enter');
      await page.getByText('With 2 frames of each clip they do not fit into 0 h.').waitFor({ timeout: 120_000 });
      expect(await seriousViolations(page)).toEqual([]);
      await page.screenshot({ path: join(output, 'web-setup.png'), fullPage: true });
      await hours.fill('');
      await dial.press('Home');
      await dial.press('ArrowRight');
      await dial.press('ArrowRight');
      await page.getByText('Analyse at most 15 frames of each clip').waitFor();
      await page.getByRole('button', { name: 'Start' }).press('Enter');
      await allPredicted(page);
      // The longer clip has a minute, and 60 frames a second apart.
      expect(Math.max(...(await clipsOf(page)).map(({ seen }) => seen.looks.length))).toBe(15);

      await page.locator('.grid a.card').filter({ hasText: 'lope_' }).press('Enter');
      await page
        .getByRole('button', { name: /^animal/ })
        .first()
        .waitFor();
      await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 2, undefined, {
        timeout: 60_000,
      });
      await page.evaluate(() => document.querySelector('video')?.pause());
      await page.locator('main.clip h2').focus();
      await page.keyboard.press('j');
      await page.locator('.boxes .box.animal').first().waitFor();
      // The box lies inside the picture as it is shown.
      const [box, video] = [
        await page.locator('.boxes .box').first().boundingBox(),
        await page.locator('video').boundingBox(),
      ];
      if (box === null || video === null) throw new Error('nothing is drawn');
      expect(box.x).toBeGreaterThanOrEqual(video.x - 2);
      expect(box.y + box.height).toBeLessThanOrEqual(video.y + video.height + 2);
      await page.screenshot({ path: join(output, 'web-boxes.png') });
      expect(await seriousViolations(page)).toEqual([]);
      await page.keyboard.press('o');
      await page.locator('.boxes').waitFor({ state: 'detached' });
      // One is decided with a count; of the other stands what the detector saw, with its segment and box.
      await page.keyboard.press('d');
      await page.getByLabel('Count of animal').fill('2');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'EK000059.AVI: animal. That was the last clip' }).waitFor();
      const exported = (name: string) =>
        fetch(new URL(`/api/export/${name}`, page.url()), { headers: { authorization: `Bearer ${token}` } });
      const answer = await exported('camtrap-dp.zip');
      const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
      await mkdir(folder.join('package'));
      for (const [name, bytes] of Object.entries(files)) await writeFile(folder.join(`package/${name}`), bytes);
      if (schemas !== undefined) expect(await camtrapFaults(folder.join('package'), schemas)).toEqual([]);
      const observations = strFromU8(files['observations.csv'] as Uint8Array);
      expect(observations).toMatch(/,media,animal,[^,]*,2,,,,,,,,human,/);
      expect(observations).toMatch(/,media,human,[^,]*,\d+,,,,0\.\d+,0\.\d+,0\.\d+,0\.\d+,machine,/);
      // What the pages know is enough to share the clips, with people blurred.
      for (const name of ['predictions.json', 'observations.csv']) {
        await writeFile(folder.join(name), await (await exported(`${name}?search=lope`)).text());
      }
      const options = ['--clips', folder.join('my card/DCIM'), '--reviews', folder.join('observations.csv'), '--media'];
      const shared = await run(['export', folder.join('predictions.json'), ...options, '--out', folder.join('share')]);
      expect(shared.status, shared.stderr).toBe(0);
      expect(await readFile(folder.join('share/media.csv'), 'utf8')).toMatch(/,media\/DCIM\/lope_[^,]*,true,/);
      expect(real(trouble)).toEqual([]);
      await page.context().close();

      await stop('SIGKILL');
      const again = await open(browser, await ui(env), narrow);
      await allPredicted(again.page);
      await again.page.locator('.grid a.card').filter({ hasText: 'lope_' }).click();
      await again.page.locator('.detections').waitFor();
      expect(await again.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await again.page.screenshot({ path: join(output, 'web-boxes-narrow.png'), fullPage: true });
      expect(again.trouble).toEqual([]);
      await again.page.context().close();
    },
  );
});

/** All clips as their pages are told them. */
async function clipsOf(page: Page): Promise<readonly { readonly seen: { readonly looks: readonly number[] } }[]> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(new URL('/api/clips', page.url()), { headers });
  const { clips } = (await answer.json()) as { clips: readonly { id: string }[] };
  const details = clips.map(async ({ id }) =>
    (await fetch(new URL(`/api/clips/${id}`, page.url()), { headers })).json(),
  );
  return Promise.all(details) as Promise<{ seen: { looks: number[] } }[]>;
}

const allPredicted = (page: Page) =>
  page.getByRole('status').filter({ hasText: '2 clips, all predicted' }).waitFor({ timeout: 120_000 });
