import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpegColours } from './ffmpeg-colours.fixture.ts';
import type { Frame } from './frame.ts';
import { openFrames } from './open-frames.ts';
import { probeClip } from './probe-clip.ts';
import { ffmpegPath } from './tools.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

/** Encodes ffmpeg's moving test picture. */
function encode(name: string, source: string, ...codec: string[]): string {
  const path = folder.join(name);
  execFileSync(ffmpegPath(), ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...codec, path], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  return path;
}

async function decode(path: string) {
  const stream = await openFrames(path);
  const frames: Frame[] = [];
  for await (const frame of stream) frames.push(frame);
  return { frames, outcome: await stream.outcome };
}

const moving = (size: string, seconds = 3) => `testsrc2=size=${size}:rate=10:duration=${seconds}`;

describe('pictures', () => {
  it.each(['gray', 'gray16be', 'rgb48be', 'pal8', 'rgba', 'ya8', 'monob'])(
    'reads a PNG of %s as ffmpeg gives its colours',
    async (format) => {
      const path = encode(`${format}.png`, `${moving('98x50', 0.1)},scale=51:33`, '-frames:v', '1', '-pix_fmt', format);
      const expected = ffmpegColours(path);
      const { frames, outcome } = await decode(path);
      expect(outcome).toMatchObject({ status: 'ok', framesDecoded: 1 });
      expect(Buffer.from(frames[0]?.rgb() ?? [])).toEqual(expected);
      expect(await probeClip(path)).toMatchObject({ width: 51, height: 33, frames: 1, durationSeconds: 0 });
    },
  );

  // Where a pixel of the upright picture, [across, down] of 24x16 or 16x24, lies in the picture as it was coded.
  it.each([
    [1, (x: number, y: number) => [x, y]],
    [2, (x: number, y: number) => [23 - x, y]],
    [3, (x: number, y: number) => [23 - x, 15 - y]],
    [4, (x: number, y: number) => [x, 15 - y]],
    [5, (x: number, y: number) => [y, x]],
    [6, (x: number, y: number) => [y, 15 - x]],
    [7, (x: number, y: number) => [23 - y, 15 - x]],
    [8, (x: number, y: number) => [23 - y, x]],
    [9, (x: number, y: number) => [x, y]],
  ] as const)('turns a JPEG of EXIF orientation %i upright', async (orientation, coded) => {
    const plain = encode('plain.jpg', moving('24x16', 0.1), '-frames:v', '1', '-q:v', '2');
    const turned = folder.join(`exif${orientation}.jpg`);
    await writeFile(turned, withOrientation(await readFile(plain), orientation));
    const [wanted, got] = [(await decode(plain)).frames[0], (await decode(turned)).frames[0]];
    const [width, height] = orientation >= 5 && orientation <= 8 ? [16, 24] : [24, 16];
    expect(await probeClip(turned)).toMatchObject({ width, height, frames: 1 });
    const expected = Buffer.alloc(24 * 16 * 3);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [column, row] = coded(x, y) as [number, number];
        const from = (row * 24 + column) * 3;
        expected.set(wanted?.rgb().subarray(from, from + 3) ?? [], (y * width + x) * 3);
      }
    }
    expect(Buffer.from(got?.rgb() ?? [])).toEqual(expected);
  });

  it.each([
    [10, 'truncated'],
    [60, 'truncated'],
    [90, 'truncated'],
  ] as const)('says that a JPEG cut to %i % is cut', async (percent, fault) => {
    const whole = await readFile(encode('whole.jpg', moving('640x480', 0.1), '-frames:v', '1', '-q:v', '2'));
    const path = folder.join(`cut${percent}.jpg`);
    await writeFile(path, whole.subarray(0, (whole.length * percent) / 100));
    expect((await decode(path)).outcome).toMatchObject({ status: 'degraded', fault, framesDecoded: 1 });
  });
});

describe('clips', () => {
  it.each([
    ['one wide', `${moving('98x50', 1)},format=yuv444p,crop=1:33`, '-c:v', 'ffv1'],
    ['one high', `${moving('98x50', 1)},format=yuv444p,crop=33:1`, '-c:v', 'ffv1'],
    ['one pixel', `${moving('98x50', 1)},format=yuv444p,crop=1:1`, '-c:v', 'ffv1'],
    ['of odd height', `${moving('98x50', 1)},scale=33:17,format=yuv420p`, '-c:v', 'mpeg4'],
    ['of odd height in full range', `${moving('98x50', 1)},scale=101:77,format=yuvj420p`, '-c:v', 'mjpeg'],
  ] as const)('%s: every frame, in the very colours of swscale', async (name, source, ...codec) => {
    const path = encode(`${name}.avi`, source, ...codec);
    const expected = ffmpegColours(path);
    const { frames, outcome } = await decode(path);
    expect(outcome).toMatchObject({ status: 'ok', framesDecoded: 10 });
    expect(Buffer.concat(frames.map((frame) => frame.rgb()))).toEqual(expected);
    expect(await probeClip(path)).toMatchObject({ frames: 10 });
  });

  // Twenty frames, then every seventh of forty.
  it.each(['mp4', 'mkv'])('counts the coded frames of a variable rate in .%s', async (ending) => {
    const path = encode(
      `vfr.${ending}`,
      "testsrc2=size=96x64:rate=30:duration=2,select='not(mod(n,7))+lt(n,20)'",
      '-vsync',
      'vfr',
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
    );
    const { frames, outcome } = await decode(path);
    expect(outcome).toMatchObject({ status: 'ok', framesExpected: frames.length });
    expect(await probeClip(path)).toMatchObject({ frames: frames.length });
    expect([24, 26]).toContain(frames.length);
  });

  it('reads an MPEG-TS, whose station name crashes static builds of ffprobe', async () => {
    const path = encode('a.ts', moving('96x64'), '-c:v', 'libx264', '-pix_fmt', 'yuv420p');
    expect(await probeClip(path)).toMatchObject({ width: 96, height: 64, frames: 30 });
    expect((await decode(path)).outcome).toMatchObject({ status: 'ok', framesDecoded: 30 });
  });

  it.each([
    ['avi', '-c:v', 'mpeg4'],
    ['asf', '-c:v', 'msmpeg4'],
    ['mkv', '-c:v', 'libx264'],
    ['gif'],
    ['mpg', '-c:v', 'mpeg2video'],
    ['mp4', '-c:v', 'libx264', '-movflags', 'frag_keyframe+empty_moov', '-g', '5'],
  ] as const)('a cut .%s is never called whole, and never stops anything', async (ending, ...codec) => {
    const whole = await readFile(encode(`whole.${ending}`, moving('96x64'), ...codec));
    const counts: number[] = [];
    for (const percent of [3, 25, 50, 75, 90]) {
      const path = folder.join(`cut${percent}.${ending}`);
      await writeFile(path, whole.subarray(0, (whole.length * percent) / 100));
      const { frames, outcome } = await decode(path).catch((error: unknown) => ({
        frames: [],
        outcome: (error as { outcome: { status: string; reason: string; fault: string } }).outcome,
      }));
      expect(outcome, `${percent} %`).toMatchObject({
        status: frames.length === 0 ? 'failed' : 'degraded',
        reason: expect.stringMatching(/./) as string,
        fault: expect.stringMatching(/./) as string,
      });
      expect(frames.length).toBeLessThan(30);
      counts.push(frames.length);
    }
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThan(15);
  });

  it('fails with a reason on a clip without frames', async () => {
    const path = encode('none.mp4', moving('96x64'), '-t', '0', '-c:v', 'libx264');
    await expect(openFrames(path)).rejects.toMatchObject({ code: 'CLIP_FAULT', fault: 'damaged' });
  });
});

/** Puts an EXIF segment of one entry behind a JPEG's first two bytes; odd orientations in Intel's byte order, even ones in Motorola's. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const little = orientation % 2 === 1;
  const u16 = (value: number) => (little ? [value & 255, value >> 8] : [value >> 8, value & 255]);
  const u32 = (value: number) => (little ? [...u16(value), 0, 0] : [0, 0, ...u16(value)]);
  const tiff = [
    ...Buffer.from(little ? 'II' : 'MM'),
    ...u16(42),
    ...u32(8),
    ...u16(1),
    ...u16(0x0112),
    ...u16(3),
    ...u32(1),
    ...u16(orientation),
    0,
    0,
    ...u32(0),
  ];
  const body = [...Buffer.from('Exif\0\0'), ...tiff];
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, body.length + 2, ...body]), jpeg.subarray(2)]);
}
