/// <reference lib="dom" />
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { bundleSource, projectFolder, readSite, ReviewProject, startGateway } from '@primatrix/gateway';
import { competitionClasses } from '@primatrix/contracts';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, inject, it } from 'vitest';
import { browserPath, startBrowser } from '../support/browser.ts';

const clips = 50_000;
const sites = 200;
const classes = [...competitionClasses];
const nets = ['net-inception-gru', 'net-vgg16-gru', 'net-resnet50-lstm', 'net-imagehash-gru', 'net-conv3d'];
const members = [
  ...nets,
  'stack-xgboost-a',
  'stack-xgboost-b',
  'stack-lightgbm-a',
  'stack-lightgbm-b',
  'stack-dense-v2',
  'stack-dense-v3',
];
const digest = 'e'.repeat(64);
const manifest = {
  classes,
  metadata: { family: 'video-ingest' },
  features: [],
  nets: nets.map((family) => ({ family })),
  stacks: [],
  ensemble: { family: 'ensemble' },
} as unknown as Parameters<typeof bundleSource>[0]['manifest'];

/** A number in [0, 1) that is always the same for the same clip, member and class. */
function drawn(...parts: readonly number[]): number {
  let hash = 2_166_136_261;
  for (const part of parts) hash = Math.imul(hash ^ part, 16_777_619) ^ (hash >>> 13);
  return (Math.imul(hash ^ (hash >>> 16), 2_246_822_507) >>> 0) / 2 ** 32;
}

function* predictionLines(): Iterable<string> {
  for (let i = 0; i < clips; i++) {
    const shown = Math.floor(drawn(i) * classes.length);
    const opinion = (member: number) =>
      classes.map((_, c) => (c === shown ? 0.5 + drawn(i, member, c) / 2 : drawn(i, member, c) / 8));
    const prediction = {
      sha256: null,
      padded: {},
      outcome: { status: 'ok', fault: null, reason: '', framesDecoded: 360, framesExpected: 360 },
      probabilities: opinion(99),
      members: Object.fromEntries(members.map((name, m) => [name, opinion(m)])),
    };
    const metadata = {
      container: 'mov,mp4',
      videoCodec: 'h264',
      width: 720,
      height: 404,
      fps: 24,
      frames: 360,
      durationSeconds: 15,
      sound: true,
    };
    yield `${JSON.stringify({ clip: idOf(i), prediction, capturedAt: new Date(1.4e12 + i * 60_000).toISOString(), metadata })}\n`;
  }
}

function idOf(i: number): string {
  return i.toString(16).padStart(16, '0');
}

it.skipIf(browserPath === undefined)(
  '50,000 clips: first grid, filters and scrolling in a browser',
  { timeout: 600_000 },
  async () => {
    await using folder = await temporaryFolder('primatrix-load-');
    const root = folder.join(projectFolder);
    await mkdir(root);
    const dataset = inject('trainedSample').dataset;
    const media = (await readdir(join(dataset, 'clips')))
      .filter((name) => name.endsWith('.mp4'))
      .map((name) => join(dataset, 'clips', name));
    const rows = Array.from(
      { length: clips },
      (_, i) =>
        `${JSON.stringify({ id: idOf(i), filename: `site-${i % sites}/IMG_${i}.mp4`, path: media[i % media.length], site: `site-${i % sites}`, capturedAt: null })}\n`,
    );
    await pipeline(Readable.from(rows), createWriteStream(join(root, 'clips.jsonl')));
    await pipeline(
      Readable.from(predictionLines()),
      createWriteStream(join(root, `predictions-${digest.slice(0, 16)}.jsonl`)),
    );
    const MiB = (await stat(join(root, `predictions-${digest.slice(0, 16)}.jsonl`))).size / 2 ** 20;

    const begun = performance.now();
    await using project = await ReviewProject.open({
      folder: folder.path,
      source: bundleSource({ folder: '', manifest, digest }),
      maxClips: clips,
      now: () => new Date(),
      startWorker: () => {
        throw new Error('all clips are predicted');
      },
    });
    const openSeconds = (performance.now() - begun) / 1000;
    const gateway = await startGateway({
      project,
      site: readSite(),
      token: 't',
      host: '127.0.0.1',
      port: 0,
      limits: { uploadBytes: 1, clips },
      onError: (error) => expect(error).toBeUndefined(),
    });
    await using browser = await startBrowser();
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    // When the first cards have been painted, counted from the start of the navigation.
    await page.addInitScript(() => {
      const watch = new MutationObserver(() => {
        if (document.querySelector('.grid a.card .species strong') === null) return;
        watch.disconnect();
        requestAnimationFrame(() =>
          requestAnimationFrame(() => Object.assign(globalThis, { firstGrid: performance.now() })),
        );
      });
      watch.observe(document, { childList: true, subtree: true });
    });
    const first: number[] = [];
    for (let round = 0; round < 5; round++) {
      await page.goto(`${gateway.url}/?token=t`);
      await page.waitForFunction(() => 'firstGrid' in globalThis);
      first.push(await page.evaluate(() => (globalThis as unknown as { firstGrid: number }).firstGrid));
    }
    expect(await page.locator('.total').textContent()).toBe('50,000 clips');
    expect(await page.locator('.grid li').count()).toBeLessThan(100);

    // From the event to the paint of the first card that the new answer brought.
    const change = (label: string, value: string) =>
      page.evaluate(
        async ([name, option]) => {
          const select = [...document.querySelectorAll<HTMLSelectElement>('.filters select')].find((one) =>
            one.closest('label')?.textContent?.startsWith(name ?? ''),
          ) as HTMLSelectElement;
          const cards = () =>
            [...document.querySelectorAll('.grid a.card')]
              .map((card) => card.getAttribute('href')?.split('?')[0])
              .join();
          const before = cards();
          const start = performance.now();
          select.value = option ?? '';
          select.dispatchEvent(new Event('change', { bubbles: true }));
          while (cards() === before) await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return performance.now() - start;
        },
        [label, value],
      );
    const changes: Record<string, number> = {};
    const steps = [
      ['Species', 'leopard'],
      ['Species', 'duiker'],
      ['Species', ''],
      ['Site', 'site-7'],
      ['Site', ''],
      ['Blank', 'only'],
      ['Blank', ''],
      ['Models disagree', '0.5'],
      ['Models disagree', ''],
      ['Order', 'disagreement-'],
      ['Order', 'name'],
      ['Order', 'time-'],
    ] as const;
    for (const [label, value] of steps) changes[`${label}: ${value || 'all'}`] = Math.round(await change(label, value));
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
    const scrolled = performance.now();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.grid a.card')].some(
        (card) => card.getBoundingClientRect().top > 0 && card.getBoundingClientRect().top < innerHeight,
      ),
    );
    const jumpToMiddleMs = Math.round(performance.now() - scrolled);
    // From the request to its answer, by when it is on the disk; and back.
    const decideMs = await page.evaluate(async () => {
      const post = (path: string, body: object) =>
        fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      const { ids } = (await (await fetch('/api/clips/ids?limit=5000')).json()) as { ids: string[] };
      const start = performance.now();
      const decided = (await (
        await post('/api/decisions', { ids, decision: 'accepted', from: 'test' })
      ).json()) as object;
      const between = performance.now();
      const undone = (await (await post('/api/decisions/undo', { from: 'test' })).json()) as { clips: string[] };
      return { ...decided, decide: between - start, undo: performance.now() - between, undone: undone.clips.length };
    });
    expect(decideMs).toMatchObject({ changed: 5000, undone: 5000 });
    // From the press of the link to the paint of the charts: the first time all clips are counted, later what changed.
    const season: number[] = [];
    for (let round = 0; round < 3; round++) {
      season.push(
        await page.evaluate(async () => {
          const start = performance.now();
          location.hash = '#/season';
          while (document.querySelector('main.page .chart svg') === null) await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return performance.now() - start;
        }),
      );
      await page.evaluate(() => (location.hash = '#/'));
      await page.locator('.grid a.card').first().waitFor();
    }
    process.stderr.write(
      `${JSON.stringify({ predictionsMiB: Math.round(MiB), openSeconds: Math.round(openSeconds * 10) / 10, rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20), firstGridMs: first.map(Math.round), filterChangeMs: changes, jumpToMiddleMs, decide5000Ms: { decide: Math.round(decideMs.decide), undo: Math.round(decideMs.undo) }, seasonMs: season.map(Math.round) }, null, 2)}\n`,
    );
    await page.close();
    await gateway.close();
  },
);
