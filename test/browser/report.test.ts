/// <reference lib="dom" />
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderReport } from '@primatrix/report';
import { temporaryFolder } from '@primatrix/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { browserPath, openFile, startBrowser } from '../support/browser.ts';
import { hostileNames, hostileReport } from '../support/hostile-report.ts';

const real = join(inject('trainedSample').artifacts, 'report/index.html');
const output = join(import.meta.dirname, 'output');
const sections = [
  'scores',
  'folds',
  'confusion',
  'mistakes',
  'reliability',
  'thresholds',
  'sites',
  'importance',
  'curves',
  'faults',
  'versions',
];
const wide = { width: 1280, height: 900 };
const narrow = { width: 390, height: 844 };

describe.skipIf(browserPath === undefined)('the report in a browser', () => {
  let browser: Browser;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const hostile = (classes: number) => folder.join(`hostile-${classes}.html`);

  beforeAll(async () => {
    folder = await temporaryFolder('primatrix-report-');
    for (const classes of [1, 24]) await writeFile(hostile(classes), renderReport(hostileReport(classes)));
    await mkdir(output, { recursive: true });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await folder.remove();
  });

  const pages = [
    { name: 'a real training', path: () => real },
    { name: '24 classes of hostile names', path: () => hostile(24) },
    { name: 'one class', path: () => hostile(1) },
  ];
  const looks = [
    { look: 'wide', options: { viewport: wide } },
    { look: 'narrow', options: { viewport: narrow, deviceScaleFactor: 2 } },
    { look: 'dark', options: { viewport: wide, colorScheme: 'dark' } },
  ] as const;

  it.each(pages.flatMap((page) => looks.map((look) => ({ ...page, ...look }))))(
    'is whole and keeps to its width: $name, $look',
    async ({ name, path, look, options }) => {
      const { page, trouble } = await openFile(browser, path(), options);
      await page.screenshot({ path: join(output, `${name.replaceAll(' ', '-')}-${look}.png`), fullPage: true });
      expect(await page.locator('main > section').evaluateAll((all) => all.map(({ id }) => id))).toEqual(sections);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(options.viewport.width);
      expect(await tooWide(page)).toEqual([]);
      for (const figure of await page.locator('figure').all()) {
        const box = await figure.locator('> svg').boundingBox();
        expect(box?.width).toBeGreaterThan(200);
        expect(box?.height).toBeGreaterThan(20);
        expect(await figure.locator('> svg > title').textContent()).not.toBe('');
        expect(await figure.locator('> svg > desc').textContent()).not.toBe('');
        expect(await figure.locator('details tbody tr').count()).toBeGreaterThan(0);
      }
      expect(
        await page.locator('path[d*="NaN"], [x="NaN"], [y="NaN"], [cx="NaN"], [cy="NaN"], [width="NaN"]').count(),
      ).toBe(0);
      expect(trouble).toEqual([]);
      await page.context().close();
    },
  );

  it('shows pictures of mistakes, and warnings of untrained weights', async () => {
    const { page } = await openFile(browser, real, { viewport: wide });
    const sizes = await page
      .locator('.gallery img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(sizes.length).toBeGreaterThan(0);
    expect(new Set(sizes)).toEqual(new Set([240]));
    await page.context().close();
  });

  it('shows names as they are, and lets none of them act', async () => {
    const { page, trouble } = await openFile(browser, hostile(24), { viewport: wide });
    expect(await page.title()).toBe(`Primatrix report: ${hostileNames[0]}`);
    const shown = (await page.locator('#faults tbody th').allTextContents()).map((text) => text.trim());
    // Text that HTML cannot hold is replaced; white space is HTML's own.
    expect(shown).toEqual(hostileNames.map((name) => name.replaceAll(/[\0\ud800]/gu, '\ufffd')));
    expect(await page.locator('main h1, main img[src="x"], main b[onerror]').count()).toBe(0);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('sorts a table by the head that is pressed, numbers as numbers and what is missing last', async () => {
    const { page } = await openFile(browser, hostile(24), { viewport: wide });
    const table = page.locator('#scores table').nth(1);
    const column = async () =>
      (await table.locator('tbody tr td:nth-child(3)').allTextContents()).map((text) =>
        text.trim() === '–' ? null : Number.parseFloat(text),
      );
    const before = await column();
    const head = table.locator('thead th').nth(2);
    await head.getByRole('button').press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    const known = before.filter((value) => value !== null).sort((a, b) => b - a);
    const missing = before.filter((value) => value === null);
    expect(missing).toHaveLength(1);
    expect(await column()).toEqual([...known, ...missing]);
    await head.getByRole('button').click();
    expect(await column()).toEqual([...known.reverse(), ...missing]);
    await table.locator('thead th').nth(0).getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBeNull();
    const names = await table.locator('tbody th').allTextContents();
    expect(names).toEqual([...names].sort((a, b) => a.trim().localeCompare(b.trim())));
    await page.context().close();
  });

  it('is readable without scripts', async () => {
    const { page, trouble } = await openFile(browser, real, { viewport: wide, javaScriptEnabled: false });
    expect(await page.locator('#scores tbody tr').count()).toBeGreaterThan(3);
    expect(await page.locator('button').count()).toBe(0);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('prints in black on white, with nothing cut off', async () => {
    // A4 on its side between margins of 12 mm, in CSS pixels.
    const { page } = await openFile(browser, hostile(24), {
      viewport: { width: 1031, height: 703 },
      colorScheme: 'dark',
    });
    await page.emulateMedia({ media: 'print' });
    const [ink, paper] = await page.evaluate(() => [
      getComputedStyle(document.body).color,
      getComputedStyle(document.body).backgroundColor,
    ]);
    expect([ink, paper]).toEqual(['rgb(27, 31, 36)', 'rgb(255, 255, 255)']);
    expect(await page.locator('nav').isVisible()).toBe(false);
    // Paper does not scroll.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1031);
    expect(
      await page
        .locator('.scroll')
        .evaluateAll(
          (boxes) =>
            boxes.filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
              .length,
        ),
    ).toBe(0);
    await page.screenshot({ path: join(output, 'print.png'), fullPage: true });
    const pdf = await page.pdf({ preferCSSPageSize: true, path: join(output, 'print.pdf') });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.context().close();
  });
});

/** What stands out of the page on its right, but for what a box of its own lets scroll. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter(
        (element) =>
          element.closest('.scroll, svg, caption') === null && element.getBoundingClientRect().right > innerWidth + 1,
      )
      .map((element) => `${element.tagName} ${element.textContent?.slice(0, 60) ?? ''}`),
  );
}
