import { chmod, readFile, writeFile } from 'node:fs/promises';
import type { ClipFeatures, FeatureExtractor } from '@primatrix/families';
import { temporaryFolder } from '@primatrix/testkit';
import { encodeClip, ffmpegPath, probeClip, writeWav } from '@primatrix/video';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { extractableClip, extractClip, nothingToGoBy } from './extract-clip.ts';
import { StageTimes } from './stage-watch.ts';

const signal = new AbortController().signal;
const [width, height] = [32, 24];
const tone = Float32Array.from({ length: 22_050 }, (_, i) => 0.5 * Math.sin(i / 8));
const pictures = (count: number) =>
  Array.from({ length: count }, (_, i) => new Uint8Array(width * height * 3).fill(40 * i));

/** Counts what it hears and sees. */
function counter(
  needs: { pixels: FeatureExtractor['pixels']; sampleRate?: number; orSilence?: boolean },
  log: string[] = [],
): FeatureExtractor {
  return {
    weights: { source: 'none', digest: null, note: '' },
    pixels: needs.pixels,
    ...(needs.sampleRate === undefined
      ? {}
      : { sound: { sampleRate: needs.sampleRate, orSilence: needs.orSilence ?? false } }),
    start() {
      let [seen, heard] = [0, 0];
      return {
        wants: () => true,
        push: () => void (log.push('push'), seen++),
        listen: (samples) => void (log.push('listen'), (heard += samples.length)),
        finish: async (): Promise<ClipFeatures> => ({
          tensor: { dtype: 'float32', shape: [0, 1], data: new Float32Array() },
          row: { seen, heard },
        }),
      };
    },
    dispose: async () => undefined,
  };
}

async function extract(path: string, extractors: Record<string, FeatureExtractor>) {
  const clip = extractableClip('clip', path, await probeClip(path));
  const { outcome, features } = await extractClip(clip, new Map(Object.entries(extractors)), signal);
  return {
    outcome,
    rows: Object.fromEntries([...features].map(([name, { row }]) => [name, row])),
    lacking: nothingToGoBy(clip).fault,
  };
}

afterEach(() => vi.unstubAllEnvs());

describe('extractClip', () => {
  describe.skipIf(process.platform === 'win32')('starts processes', () => {
    const families = (...needs: readonly Parameters<typeof counter>[0][]) =>
      new Map(needs.map((need, i) => [`f${i}`, counter(need)]));

    /** What each run of ffmpeg was for, and what came out. */
    async function runsOf(extractors: ReadonlyMap<string, FeatureExtractor>) {
      await using folder = await temporaryFolder();
      const path = folder.join('a.mp4');
      const audio = { samples: tone, sampleRate: 22_050 };
      await encodeClip({ out: path, width, height, fps: 4, frames: pictures(4), audio });
      const clip = extractableClip('clip', path, await probeClip(path));
      const counting = folder.join('ffmpeg');
      await writeFile(counting, `#!/bin/sh\necho "$@" >> '${folder.join('runs')}'\nexec '${ffmpegPath()}' "$@"\n`);
      await chmod(counting, 0o755);
      vi.stubEnv('FFMPEG_PATH', counting);
      const { features } = await extractClip(clip, extractors, signal);
      const runs = (await readFile(folder.join('runs'), 'utf8')).trim().split('\n');
      return {
        rows: [...features.values()].map(({ row }) => row),
        runs: runs
          .map((run) => (run.match(/rawvideo(?= )|-ar \d+/g) ?? []).filter((what, i, all) => all.indexOf(what) === i))
          .toSorted(),
      };
    }

    it('one for pictures and sound at all rates, however many families ask', async () => {
      const { rows, runs } = await runsOf(
        families(
          { pixels: 'luma' },
          { pixels: 'color' },
          { pixels: 'color' },
          { pixels: 'none', sampleRate: 22_050 },
          { pixels: 'none', sampleRate: 22_050 },
          { pixels: 'none', sampleRate: 11_025 },
        ),
      );
      expect(rows.map((row) => row['seen'])).toEqual([4, 4, 4, 0, 0, 0]);
      expect(rows.map((row) => Math.floor((row['heard'] ?? 0) / 10_000))).toEqual([0, 0, 0, 2, 2, 1]);
      expect(runs).toEqual([['rawvideo', '-ar 22050', '-ar 11025']]);
    });

    it('one a rate, first, where one looks and listens', async () => {
      const { rows, runs } = await runsOf(
        families(
          { pixels: 'luma' },
          { pixels: 'luma', sampleRate: 22_050 },
          { pixels: 'none', sampleRate: 22_050 },
          { pixels: 'none', sampleRate: 11_025 },
        ),
      );
      expect(rows.map((row) => row['seen'])).toEqual([4, 4, 0, 0]);
      expect(runs).toEqual([['-ar 11025'], ['-ar 22050'], ['rawvideo']]);
    });
  });

  it('lets each family hear and see what it asked for, sound first', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('a.mp4');
    await encodeClip({
      out: path,
      width,
      height,
      fps: 4,
      frames: pictures(4),
      audio: { samples: tone, sampleRate: 22_050 },
    });
    const log: string[] = [];
    const { outcome, rows } = await extract(path, {
      eye: counter({ pixels: 'luma' }),
      ear: counter({ pixels: 'none', sampleRate: 22_050 }),
      both: counter({ pixels: 'color', sampleRate: 11_025 }, log),
    });
    expect(outcome).toMatchObject({ status: 'ok', framesDecoded: 4 });
    expect(rows['eye']).toEqual({ seen: 4, heard: 0 });
    expect(rows['ear']).toMatchObject({ seen: 0 });
    expect(rows['ear']?.['heard']).toBeGreaterThan(20_000);
    expect(rows['both']).toMatchObject({ seen: 4 });
    expect(rows['both']?.['heard']).toBeLessThan(13_000);
    expect(log).toEqual(['listen', 'push', 'push', 'push', 'push']);
  });

  it('takes sound alone, and passes over families that need pictures', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('a.wav');
    await writeWav(
      path,
      Int16Array.from(tone, (value) => value * 32_767),
      22_050,
    );
    const { outcome, rows, lacking } = await extract(path, {
      eye: counter({ pixels: 'luma' }),
      ear: counter({ pixels: 'none', sampleRate: 22_050 }),
    });
    expect(outcome).toMatchObject({ status: 'ok', framesDecoded: 0 });
    expect(rows).toEqual({ ear: { seen: 0, heard: 22_050 } });
    expect(lacking).toBe('no-video');
  });

  it('takes silent clips, and passes over families that need sound', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('a.mp4');
    await encodeClip({ out: path, width, height, fps: 4, frames: pictures(3) });
    const { outcome, rows, lacking } = await extract(path, {
      eye: counter({ pixels: 'luma' }),
      ear: counter({ pixels: 'none', sampleRate: 22_050 }),
      silence: counter({ pixels: 'none', sampleRate: 22_050, orSilence: true }),
    });
    expect(outcome.status).toBe('ok');
    expect(rows).toEqual({ eye: { seen: 3, heard: 0 }, silence: { seen: 0, heard: 1 } });
    expect(lacking).toBe('no-sound');
  });

  it('loses the sound and not the pictures where sound cannot be decoded, and fails where there is nothing else', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('a.mp4');
    await encodeClip({ out: path, width, height, fps: 4, frames: pictures(3) });
    const ear = counter({ pixels: 'none', sampleRate: 22_050 });
    // Said to have sound by a probe, replaced since.
    const clip = { name: 'a', path, frames: 3, pictures: true, sound: true };
    expect(
      (
        await extractClip(
          clip,
          new Map([
            ['ear', ear],
            ['eye', counter({ pixels: 'luma' })],
          ]),
          signal,
        )
      ).features.size,
    ).toBe(1);
    const broken = folder.join('broken.wav');
    await writeFile(broken, Buffer.alloc(500, 7));
    const failed = await extractClip({ ...clip, path: broken, pictures: false }, new Map([['ear', ear]]), signal);
    expect(failed.outcome).toMatchObject({ status: 'failed', fault: 'not-media' });
    expect(failed.features.size).toBe(0);
    const degraded = await extractClip({ ...clip, path: broken }, new Map([['ear', ear]]), signal);
    expect(degraded.outcome).toMatchObject({ status: 'degraded', fault: 'not-media' });
  });

  it('says that sound cannot be decoded, not that there is none', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('a.avi');
    const audio = { samples: tone, sampleRate: 22_050 };
    await encodeClip({ out: path, width, height, fps: 4, frames: pictures(3), audio });
    const bytes = await readFile(path);
    // The format tag of the sound (WAVEFORMATEX): one that nobody knows.
    bytes.writeUInt16LE(0x7f7f, bytes.indexOf('strf', bytes.indexOf('auds')) + 8);
    await writeFile(path, bytes);
    const ear = counter({ pixels: 'none', sampleRate: 22_050 });
    const both = await extract(path, { ear, eye: counter({ pixels: 'luma' }) });
    expect(both.outcome).toMatchObject({ status: 'degraded', fault: 'damaged' });
    expect(both.rows).toEqual({ eye: { seen: 3, heard: 0 } });
    const clip = extractableClip('clip', path, await probeClip(path));
    const { outcome } = await extractClip(clip, new Map([['ear', ear]]), signal);
    expect(nothingToGoBy(clip, outcome)).toMatchObject({ status: 'failed', fault: 'damaged' });
  });

  it('tells what each family takes, and what decoding does, without another result', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('a.mp4');
    await encodeClip({
      out: path,
      width,
      height,
      fps: 4,
      frames: pictures(4),
      audio: { samples: tone, sampleRate: 22_050 },
    });
    const clip = extractableClip('clip', path, await probeClip(path));
    let now = 0;
    const slow = (ms: number): FeatureExtractor => {
      const { start, ...rest } = counter({ pixels: 'luma' });
      return {
        ...rest,
        start: (of) => ({
          ...start(of),
          push: (frame) => void ((now += ms), start(of).push(frame)),
          finish: async () => ((now += ms), await start(of).finish()),
        }),
      };
    };
    const extractors = new Map([
      ['slow', slow(100)],
      ['quick', slow(1)],
      ['ear', counter({ pixels: 'none', sampleRate: 22_050 })],
    ]);
    const times = new StageTimes({ now: () => now, onStage: () => undefined });
    now += 50;
    const { outcome, features } = await extractClip(clip, extractors, signal, times);
    expect(
      [times.of('slow'), times.of('quick'), times.of('ear'), times.rest()].map((seconds) => Math.round(seconds * 1000)),
    ).toEqual([500, 5, 0, 50]);
    expect({ outcome, features }).toEqual(await extractClip(clip, extractors, signal));
  });
});
