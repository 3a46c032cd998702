/// <reference lib="dom" />
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readLabels } from '@primatrix/dataset';
import { freePort, sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { strFromU8, unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { seriousViolations } from '../support/accessibility.ts';
import { browserPath, startBrowser } from '../support/browser.ts';
import { start, type Running } from '../support/primatrix.ts';
import { open, output, token, wide } from '../support/review-pages.ts';

const models = sharedData('models');
const real = sharedData('clips');
const { dataset, artifacts, trainingSummary } = inject('trainedSample');
/** All clips of the sample and the real ones, 40 decisions, and all of a training; else the clips of two sites, and a training that is stopped. */
const long = process.env['PRIMATRIX_LOAD'] !== undefined;
/** What a busy machine may take to draw, to decide, and to answer. */
const patient = { timeout: 20_000 };
const twoSites = ['bai-01', 'ridge-03'];

/** What of the summary of a training its place in a project's log has. */
interface Summary {
  readonly clips: { readonly ok: number };
  readonly ensemble: Readonly<Record<'accuracy' | 'logLoss', number>> & {
    readonly standardError: Readonly<Record<'accuracy' | 'logLoss', number>>;
  };
}

describe.skipIf(browserPath === undefined || models === undefined)(
  'from a card of clips to a model of one’s own',
  () => {
    let browser: Browser;
    let folder: TemporaryFolder;
    let running: Running;
    let address: string;
    let port: number;
    /** What clips of the sample show, by name. */
    let truth: ReadonlyMap<string, readonly string[]>;

    /** Opens the folder without a bundle; at the same port, as a browser keeps who somebody is by address. */
    async function ui(): Promise<void> {
      running = start(['ui', folder.join('season'), '--no-open', '--port', `${port}`], {
        env: { PRIMATRIX_MODELS: models as string, PRIMATRIX_TOKEN: token },
        cwd: folder.path,
      });
      address = /open +(\S+)/.exec(await running.says('(Ctrl-C'))?.[1] ?? '';
    }
    async function kill(): Promise<void> {
      running.kill('SIGKILL');
      await running.ended;
    }

    beforeAll(async () => {
      folder = await temporaryFolder('primatrix-flow-');
      await mkdir(folder.join('season'));
      await mkdir(folder.join('card'));
      truth = await labelsOf(['train_labels.csv', 'test_labels.csv']);
      for (const line of (await readFile(join(dataset, 'clips.csv'), 'utf8')).trim().split('\n').slice(1)) {
        const [name = '', site = ''] = line.split(',');
        if (!truth.has(name) || !(long || twoSites.includes(site))) continue;
        await mkdir(folder.join('card', site), { recursive: true });
        await copyFile(join(dataset, 'clips', name), folder.join('card', site, name));
      }
      for (const name of real === undefined || !long ? [] : await readdir(real)) {
        await mkdir(folder.join('card/real'), { recursive: true });
        await copyFile(join(real as string, name), folder.join('card/real', name));
      }
      if (!long) await trainedBefore();
      port = await freePort();
      browser = await startBrowser();
    });
    afterAll(async () => {
      await browser.close();
      await kill();
      await folder.remove();
    });

    it('is sorted, decided, trained, used and exported; nothing is lost over undo, kill -9 and a second person', async () => {
      await ui();
      const { page, trouble } = await open(browser, address);

      // Playing and measuring clips is looked at elsewhere, and costs most of what a clip's page costs.
      if (!long) await page.route(/\/(media|signals|spectrogram)$/, (route) => route.abort());

      // No labels and no bundle: a folder, and a model that is a file.
      await page.getByText(/yolox-nano 1\.0\.0/).waitFor();
      await page.getByLabel('Folder on this computer').fill(folder.join('card'));
      await page.getByRole('button', { name: 'Start' }).press('Enter');
      await predicted(page);
      const clips = Number(/^(\d+)/.exec((await page.locator('.total').textContent()) ?? '')?.[1]);
      expect(clips).toBeGreaterThanOrEqual(long ? 29 : 12);
      await page.screenshot({ path: join(output, 'web-flow-sorted.png') });
      // The first card is three Tabs away, at most: past the link that skips what is above it.
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.matches('.grid a.card')), { timeout: 10_000 })
        .toBe(true);

      // 40 decisions by keyboard, each undone on the way once.
      const started = performance.now();
      let decisions = 0;
      const decide = async (keys: readonly (string | { readonly type: string })[]) => {
        await page.locator('.choices button').first().waitFor();
        const heading = await page.locator('main.clip h2').textContent();
        for (const key of keys) {
          if (typeof key === 'string') await page.keyboard.press(key);
          else await page.keyboard.type(key.type);
        }
        decisions += 1;
        await page.waitForFunction(
          (last) =>
            document.querySelector('.notice')?.textContent?.includes('That was the last') === true ||
            (document.querySelector('main.clip h2') !== null &&
              document.querySelector('main.clip h2')?.textContent !== last),
          heading,
        );
        return heading ?? '';
      };
      await page.getByRole('link', { name: 'Review queue' }).press('Enter');
      await page.waitForFunction(() => location.hash.includes('review=open'));
      await page.locator('.grid a.card').first().press('Enter');
      await page.locator('main.clip h2').waitFor();
      // A decision that is wrong is taken back, and its clip is shown again.
      const undone = await decide(['u']);
      await page.keyboard.press('z');
      await page.waitForFunction((last) => document.querySelector('main.clip h2')?.textContent === last, undone);
      for (let left = long ? 40 : clips; left > 0; left--) {
        await page.locator('.choices button').first().waitFor();
        const name = (await page.locator('main.clip h2').textContent()) ?? '';
        const suggested =
          (await page
            .locator('.suggestion button')
            .textContent({ timeout: 10 })
            .catch(() => null)) ?? '';
        await decide(keysFor(truth.get(basename(name)), suggested));
        const last = await page.locator('.notice').textContent();
        if (last?.includes('That was the last') === true) break;
      }
      const seconds = (performance.now() - started) / 1000;
      process.stderr.write(`whole flow: ${decisions} decisions by keyboard in ${seconds.toFixed(1)} s\n`);
      if (long) await page.screenshot({ path: join(output, 'web-flow-clip.png') });

      // kill -9 in between: all decisions are there, and the pages come back without asking again.
      await page.keyboard.press('g');
      await page.waitForFunction(() => document.querySelector('.grid') !== null);
      const before = await reviewed(address);
      expect(before).toBe(decisions - 1);
      await kill();
      await ui();
      await page.goto(address);
      await predicted(page);
      expect(await reviewed(address)).toBe(before);

      // Two people at once: each sees the other's decision, and undoes no one's but their own.
      const other = await open(browser, address, { viewport: { width: 390, height: 844 } });
      await predicted(other.page);
      await other.page.goto(`${new URL(address).origin}/#/?review=done`);
      await other.page.locator('.grid a.card').first().click();
      await other.page.locator('.choices button').first().waitFor();
      const unsure = await decidedAs(address, 'unsure');
      await other.page.keyboard.press('u');
      await expect.poll(() => decidedAs(address, 'unsure'), patient).toBe(unsure + 1);
      await page.keyboard.press('z');
      await page
        .getByRole('status')
        .filter({ hasText: /^Undone/ })
        .waitFor();
      expect(await reviewed(address)).toBe(before - 1);
      await other.page.keyboard.press('z');
      await expect.poll(() => decidedAs(address, 'unsure'), patient).toBe(unsure);
      await other.page.screenshot({ path: join(output, 'web-flow-narrow.png') });
      expect(await seriousViolations(other.page)).toEqual([]);

      // Suggestions, with what they rest on.
      await page.goto(`${new URL(address).origin}/#/`);
      await page.locator('header.top').getByRole('button', { name: 'Train my model' }).press('Enter');
      const panel = page.getByRole('region', { name: 'Models' }).first();
      await panel.getByText(/^Suggestions from \d+ reviewed clips of \d+ species/).waitFor({ timeout: 120_000 });
      await page.screenshot({ path: join(output, 'web-flow-models.png'), fullPage: true });
      expect(await seriousViolations(page)).toEqual([]);

      // Training goes on after kill -9, from where it was.
      await panel.getByRole('button', { name: 'Train my model' }).press('Enter');
      await panel.getByRole('progressbar', { name: 'Training' }).waitFor();
      await panel.getByText(/^Step [2-9] of/).waitFor({ timeout: 240_000 });
      await page.screenshot({ path: join(output, 'web-flow-training.png'), fullPage: true });
      await kill();
      await ui();
      await page.goto(address);
      await page
        .locator('header.top')
        .getByRole('button', { name: /^Training, / })
        .press('Enter');
      if (!long) await panel.getByRole('button', { name: 'Stop' }).press('Enter');
      const row = panel.getByRole('row').filter({ hasText: 'Model 1' });
      await row.getByRole('button', { name: 'Use it', disabled: false }).waitFor({ timeout: 1_200_000 });
      expect(await row.textContent()).toMatch(/\d+ clips, \d+ species\d+ ± \d+ % of \d+ clips, sites left out/);
      await page.screenshot({ path: join(output, 'web-flow-trained.png'), fullPage: true });
      expect(await seriousViolations(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), { timeout: 10_000 })
        .toBe(true);
      await page.screenshot({ path: join(output, 'web-flow-trained-narrow.png'), fullPage: true });
      await page.setViewportSize(wide.viewport);

      // Use it: the same address opens with the new model's species, and so does the next start.
      await row.getByRole('button', { name: 'Use it' }).press('Enter');
      await page
        .getByLabel('Species')
        .locator('option', { hasText: 'vehicle' })
        .waitFor({ state: 'detached', timeout: 120_000 });
      await predicted(page);
      if (long) {
        await kill();
        await ui();
        await page.goto(address);
        await predicted(page);
      }
      expect(await page.getByLabel('Species').locator('option').allTextContents()).toContain('porcupine');
      expect(await page.getByLabel('Species').locator('option').allTextContents()).not.toContain('vehicle');
      await page.screenshot({ path: join(output, 'web-flow-used.png') });

      // Export: what people decided, by name, and all of it in the package.
      const answer = await fetch(new URL('/api/export/camtrap-dp.zip', address), {
        headers: { authorization: `Bearer ${token}` },
      });
      const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
      const observations = strFromU8(files['observations.csv'] as Uint8Array)
        .trim()
        .split('\n');
      expect(observations.filter((line) => line.includes(',human,')).length).toBeGreaterThanOrEqual(before - 1);
      expect(trouble.filter((text) => !text.includes('ERR_'))).toEqual([]);

      // And back to what it began with: nothing is analysed again.
      await page
        .locator('header.top')
        .getByRole('button', { name: /^(Retrain|Train)/ })
        .press('Enter');
      await panel.getByRole('button', { name: 'Use it: yolox-nano' }).press('Enter');
      await page
        .getByLabel('Species')
        .locator('option', { hasText: 'vehicle' })
        .waitFor({ state: 'attached', timeout: 120_000 });
      await predicted(page);
      await other.page.context().close();
      await page.context().close();
    }, 900_000);

    /** A training of the sample as one of the project's own, so that what follows it need not wait for another. */
    async function trainedBefore(): Promise<void> {
      const own = folder.join('season/primatrix-review/models/1/artifacts');
      await mkdir(own, { recursive: true });
      await symlink(artifacts, join(own, 'reviews'));
      const { ensemble, clips } = JSON.parse(trainingSummary) as Summary;
      const figure = (of: 'accuracy' | 'logLoss') => ({ value: ensemble[of], error: ensemble.standardError[of] });
      const lines = [
        {
          ...{ type: 'started', number: 1, at: '2026-11-01T12:00:00.000Z', effort: 'quick', folds: 2, models: [] },
          ...{ by: 'site', before: null, learned: { clips: 20, species: [], sites: 5 } },
        },
        {
          ...{ type: 'ended', number: 1, trouble: null },
          score: {
            clips: clips.ok,
            by: 'site',
            accuracy: figure('accuracy'),
            logLoss: figure('logLoss'),
            before: null,
          },
        },
      ];
      const log = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      await writeFile(folder.join('season/primatrix-review/models.jsonl'), log);
    }

    async function labelsOf(tables: readonly string[]): Promise<Map<string, readonly string[]>> {
      const found = new Map<string, readonly string[]>();
      for (const table of tables) {
        const { classes, filenames, labels } = await readLabels(join(dataset, table));
        filenames.forEach((name, row) =>
          found.set(
            name,
            classes.filter((_, c) => labels[row * classes.length + c] === 1),
          ),
        );
      }
      return found;
    }
  },
);

/** What somebody presses who knows what a clip shows. */
function keysFor(
  species: readonly string[] | undefined,
  suggested: string,
): readonly (string | { readonly type: string })[] {
  if (species === undefined) return ['u'];
  const [only = ''] = species;
  if (only === 'blank') return ['b'];
  if (species.length === 1 && suggested.includes(`Suggested: ${only} `)) return ['e'];
  return [...species.flatMap((name) => ['/', { type: name }, 'Enter']), 'Enter'];
}

async function project(address: string): Promise<{ readonly reviewed: Readonly<Record<string, number>> }> {
  const answer = await fetch(new URL('/api/project', address), { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as { reviewed: Record<string, number> };
}

/** Clips that somebody has decided. */
async function reviewed(address: string): Promise<number> {
  const counts = (await project(address)).reviewed;
  return Object.entries(counts).reduce((sum, [decision, clips]) => sum + (decision === 'open' ? 0 : clips), 0);
}

async function decidedAs(address: string, decision: string): Promise<number> {
  return (await project(address)).reviewed[decision] ?? 0;
}

const predicted = (page: Page) =>
  page
    .getByRole('status')
    .filter({ hasText: /\d+ clips, all predicted|\d+ cannot be read/ })
    .first()
    .waitFor({ timeout: 240_000 });
