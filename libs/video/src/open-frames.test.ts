import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClipError } from './errors.ts';
import { ffmpegColours } from './ffmpeg-colours.fixture.ts';
import { defaultClipLimits } from './limits.ts';
import { openFrames } from './open-frames.ts';
import { probeClip } from './probe-clip.ts';
import { clip, clips, decode } from './real-clips.fixture.ts';
import { ffmpegPath } from './tools.ts';

const golden = sharedData('golden', 'image-hash') ?? '';

// Counted by hand with `ffmpeg -vsync 0 -f null -`.
const frameCounts: Readonly<Record<string, number>> = {
  'ACP0006s6f-small-cat.mp4': 360,
  'benjamin_04250002.MP4': 1805,
  chimpandsee_Bwi: 1818,
  chimpandsee_Kay: 1822,
  chimpandsee_Kor: 1089,
  chimpandsee_Trip: 1813,
  dzanga_sangha: 163,
  goualougo_2013: 854, // its header says 1820: the camera dropped frames
  lope_Theo: 1817,
  noemie_Videos_All_Taï_T147: 1811,
  noemie_Videos_All_Taï_T174: 461,
  salonga_MISSION: 1801,
  savanna_Gorongosa: 1814,
  savanna_Grumeti: 450,
};

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(() => folder.remove());

describe.skipIf(clips === '')('real clips (skipped without the shared data)', () => {
  it.each(Object.entries(frameCounts))(
    'decodes %s wholly, %d frames, with the same luma in both layouts',
    async (prefix, frames) => {
      const yuv = await decode(clip(prefix));
      expect(yuv).toMatchObject({
        status: 'ok',
        fault: null,
        reason: '',
        framesDecoded: frames,
        framesExpected: frames,
      });
      expect(await decode(clip(prefix), { layout: 'luma' })).toEqual(yuv);
      expect(await probeClip(clip(prefix))).toMatchObject({ frames, capturedAt: null });
    },
  );

  it.skipIf(golden === '')('gives the very pixels that OpenCV gave', async () => {
    const reference = async (index: number): Promise<{ rgb: Uint8Array; luma: Uint8Array }> => {
      const png = await openFrames(join(golden, `acp-small-cat-frame${String(index).padStart(4, '0')}.png`));
      for await (const frame of png) return { rgb: frame.rgb(), luma: frame.luma() };
      throw new Error('no frame');
    };
    const chosen = new Set([0, 17, 90, 181, 300, 359]);
    for await (const frame of await openFrames(clip('ACP'))) {
      if (!chosen.delete(frame.index)) continue;
      const { rgb, luma } = await reference(frame.index);
      expect(Buffer.compare(frame.rgb(), rgb)).toBe(0);
      expect(Buffer.compare(frame.luma(), luma)).toBe(0);
    }
    expect(chosen.size).toBe(0);
  });

  it('probes the competition clip', async () => {
    const { audio, ...picture } = await probeClip(clip('ACP'));
    expect(picture).toMatchObject({
      videoCodec: 'h264',
      width: 720,
      height: 404,
      fps: 24,
      durationSeconds: 15,
      bytes: 1_062_523,
    });
    expect(audio).toMatchObject({ codec: 'mp3', sampleRate: 44_100, channels: 2 });
    expect((audio?.samples ?? 0) / 44_100).toBeCloseTo(15, 1);
  });

  it('ends the decoder when the consumer leaves or aborts', async () => {
    const children = (): string =>
      process.platform === 'linux' ? readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8') : '';
    const before = children();
    const left = await openFrames(clip('ACP'));
    for await (const frame of left) if (frame.index === 3) break;
    await expect(left.outcome).rejects.toMatchObject({ code: 'VIDEO_STOPPED' });
    const controller = new AbortController();
    const aborted = await openFrames(clip('ACP'), { signal: controller.signal });
    const loop = async (): Promise<void> => {
      for await (const frame of aborted) if (frame.index === 3) controller.abort(new Error('enough'));
    };
    await expect(loop()).rejects.toThrow('enough');
    await expect(aborted.outcome).rejects.toThrow('enough');
    expect(children()).toBe(before);
  });

  it('refuses pictures and clips over the limits, and stops at the time limit', async () => {
    const under = (limits: object): Promise<unknown> =>
      decode(clip('ACP'), { limits: { ...defaultClipLimits, ...limits } });
    await expect(under({ maxPixels: 10_000 })).rejects.toMatchObject({ fault: 'too-large' });
    await expect(under({ maxFrames: 100 })).rejects.toMatchObject({ fault: 'too-large' });
    await expect(under({ maxWallSeconds: 0.001 })).rejects.toMatchObject({ fault: 'timed-out' });
  });

  it('does not count against the time limit what a slow reader takes', async () => {
    const stream = await openFrames(clip('savanna_Grumeti'), { limits: { ...defaultClipLimits, maxWallSeconds: 5 } });
    for await (const { index } of stream) if (index === 0) await sleep(6000);
    expect(await stream.outcome).toMatchObject({ status: 'ok', framesDecoded: 450 });
  });
});

describe('other files', () => {
  const fault = async (path: string): Promise<string> =>
    openFrames(path).then(
      () => 'none',
      (error: unknown) => (error instanceof ClipError ? error.fault : String(error)),
    );

  it('names the fault of what is no clip', async () => {
    await writeFile(folder.join('text.mp4'), 'a text about apes\n'.repeat(100));
    await writeFile(folder.join('notes.txt'), 'ffmpeg can show text as a film\n'.repeat(100));
    await writeFile(folder.join('empty.avi'), '');
    await writeFile(folder.join('list.m3u8'), '#EXTM3U\n#EXTINF:1\nfile:///etc/passwd\n');
    await writeFile(folder.join('list.mp4'), "ffconcat version 1.0\nfile '/etc/passwd'\n");
    await writeFile(folder.join('tiny.avi'), 'RIFF');
    await mkdir(folder.join('folder.mp4'));
    expect(await fault(folder.join('text.mp4'))).toBe('not-media');
    expect(await fault(folder.join('notes.txt'))).toBe('not-media');
    expect(await fault(folder.join('list.m3u8'))).toBe('not-media');
    expect(await fault(folder.join('list.mp4'))).toBe('not-media');
    expect(await fault(folder.join('tiny.avi'))).toBe('not-media');
    expect(await fault(folder.join('empty.avi'))).toBe('empty');
    expect(await fault(folder.join('none.avi'))).toBe('missing');
    expect(await fault(folder.join('folder.mp4'))).toBe('unreadable');
    expect(await fault('nul\0byte.mp4')).toBe('unreadable');
  });

  it('reads a still as one frame, and never a sequence of them', async () => {
    const pixels = Buffer.from(Array.from({ length: 5 * 3 * 3 }, (_, i) => (i * 37) % 256));
    const still = folder.join('a%03d *.png');
    const encoder = [
      '-v',
      'error',
      '-f',
      'rawvideo',
      '-pixel_format',
      'rgb24',
      '-video_size',
      '5x3',
      '-i',
      '-',
      '-f',
      'image2pipe',
      '-c:v',
      'png',
      '-',
    ];
    await writeFile(still, execFileSync(ffmpegPath(), encoder, { input: pixels }));
    const stream = await openFrames(still);
    const frames = [];
    for await (const frame of stream) frames.push(frame);
    expect(frames).toHaveLength(1);
    expect(Buffer.from(frames[0]?.rgb() ?? [])).toEqual(pixels);
    expect(frames[0]?.luma()[1]).toBe(
      ((pixels[3] ?? 0) * 19_595 + (pixels[4] ?? 0) * 38_470 + (pixels[5] ?? 0) * 7_471 + 0x8000) >> 16,
    );
    expect(await stream.outcome).toMatchObject({ status: 'ok', framesDecoded: 1 });
    expect(await probeClip(still)).toMatchObject({
      width: 5,
      height: 3,
      frames: 1,
      fps: 1,
      durationSeconds: 0,
      videoCodec: 'png',
    });
  });

  it.each(['yuv420p', 'yuvj420p', 'yuv422p', 'yuv444p', 'yuv410p', 'bgr0', 'gray', 'yuv420p10le', 'yuyv422'])(
    'gives the colours and the grey of %s as ffmpeg converts them',
    async (format) => {
      const path = folder.join(`${format}.mkv`);
      const codec = format.startsWith('yuvj')
        ? ['-c:v', 'mjpeg', '-q:v', '2']
        : format === 'yuyv422'
          ? ['-c:v', 'rawvideo']
          : ['-c:v', 'ffv1'];
      const source = ['-f', 'lavfi', '-i', 'testsrc2=size=46x34:rate=5:duration=1', '-pix_fmt', format];
      execFileSync(ffmpegPath(), ['-v', 'error', '-y', ...source, ...codec, path]);
      const expected = ffmpegColours(path);
      const frameBytes = 46 * 34 * 3;
      const lumas: Buffer[] = [];
      for await (const frame of await openFrames(path)) {
        const got = frame.rgb();
        let sum = 0;
        for (let i = 0; i < frameBytes; i++) {
          sum += Math.abs((got[i] ?? 0) - (expected[frame.index * frameBytes + i] ?? 0));
        }
        // swscale smooths the colours of rarer formats, which shows at the edges of this test picture.
        expect(sum / frameBytes).toBeLessThan(format.endsWith('420p') ? 1 : format === 'yuv410p' ? 16 : 7);
        lumas.push(Buffer.from(frame.luma()));
      }
      expect(lumas).toHaveLength(5);
      for await (const frame of await openFrames(path, { layout: 'luma' })) {
        expect(Buffer.from(frame.luma())).toEqual(lumas[frame.index]);
      }
    },
  );

  it('turns pictures upright as the container says', async () => {
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=64x32:rate=5:duration=1', '-c:v', 'libx264'];
    execFileSync(ffmpegPath(), ['-v', 'error', ...source, folder.join('flat.mp4')]);
    execFileSync(ffmpegPath(), [
      '-v',
      'error',
      '-i',
      folder.join('flat.mp4'),
      '-c',
      'copy',
      '-metadata:s:v',
      'rotate=90',
      folder.join('up.mp4'),
    ]);
    expect(await probeClip(folder.join('up.mp4'))).toMatchObject({ width: 32, height: 64 });
    const stream = await openFrames(folder.join('up.mp4'));
    for await (const frame of stream) expect(frame.rgb()).toHaveLength(32 * 64 * 3);
    expect(await stream.outcome).toMatchObject({ status: 'ok', framesDecoded: 5 });
  });

  it('keeps frames of one size when the picture changes its size halfway', async () => {
    const encode = (size: string): Buffer =>
      execFileSync(ffmpegPath(), [
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        `testsrc2=size=${size}:rate=5:duration=1`,
        '-c:v',
        'mjpeg',
        '-f',
        'mjpeg',
        '-',
      ]);
    await writeFile(folder.join('sizes.mjpeg'), Buffer.concat([encode('64x48'), encode('96x96')]));
    execFileSync(ffmpegPath(), [
      '-v',
      'error',
      '-f',
      'mjpeg',
      '-i',
      folder.join('sizes.mjpeg'),
      '-c',
      'copy',
      folder.join('sizes.avi'),
    ]);
    const stream = await openFrames(folder.join('sizes.avi'));
    for await (const frame of stream) expect(frame.luma()).toHaveLength(64 * 48);
    expect((await stream.outcome).framesDecoded).toBe(10);
  });

  it('leaves out the frames that an edit list leaves out, and does not miss them', async () => {
    const path = folder.join('trimmed.mp4');
    const source = [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=64x48:rate=30:duration=4',
      '-c:v',
      'libx264',
      '-g',
      '30',
      '-bf',
      '0',
    ];
    execFileSync(ffmpegPath(), ['-v', 'error', ...source, folder.join('long.mp4')]);
    execFileSync(ffmpegPath(), ['-v', 'error', '-ss', '1.5', '-i', folder.join('long.mp4'), '-c', 'copy', path]);
    const { frames } = await probeClip(path);
    expect(frames).toBeLessThan(80); // 75 are shown, 90 are stored: copying starts at the key frame before
    expect(await decode(path)).toMatchObject({ status: 'ok', framesDecoded: frames, framesExpected: frames });
  });

  it('takes every coded frame once, however uneven their times', async () => {
    const path = folder.join('uneven.mkv');
    const filter = "testsrc2=size=64x48:rate=30:duration=2,select='not(mod(n\\,7))+lt(n\\,10)'";
    execFileSync(ffmpegPath(), ['-v', 'error', '-f', 'lavfi', '-i', filter, '-vsync', '0', '-c:v', 'libx264', path]);
    expect(await decode(path)).toMatchObject({ status: 'ok', framesDecoded: 17, framesExpected: 17 });
  });
});
