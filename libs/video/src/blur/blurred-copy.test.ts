import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { encodeClip } from '../encode-clip.ts';
import { encodeJpeg } from '../encode-picture.ts';
import { openFrames } from '../open-frames.ts';
import { probeClip } from '../probe-clip.ts';
import { blurredCopy } from './blurred-copy.ts';

const [width, height] = [96, 65];
const left = { left: 0, top: 0, right: 0.5, bottom: 1 };

/** A chessboard of 4 pixels, black and white. */
const board = (): Uint8Array =>
  Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return (((pixel % width) >> 2) + (Math.floor(pixel / width) >> 2)) % 2 === 0 ? 0 : 240;
  });

/** Lightest less darkest grey of both halves, 8 pixels from where they meet, by frame. */
async function contrasts(path: string): Promise<{ left: number; right: number }[]> {
  const found = [];
  for await (const frame of await openFrames(path)) {
    const luma = frame.luma();
    const range = (isIn: (x: number) => boolean) => {
      const values = luma.filter((_, i) => isIn(i % frame.width));
      return Math.max(...values) - Math.min(...values);
    };
    found.push({ left: range((x) => x < 40), right: range((x) => x > 56) });
  }
  return found;
}

it('blurs frames of a clip where people are, has no sound, and is as long', async () => {
  await using folder = await temporaryFolder();
  const clip = folder.join('clip.avi');
  const tone = { samples: new Int16Array(16_000).fill(900), sampleRate: 16_000 };
  const even = board().subarray(0, width * 64 * 3);
  await encodeClip({
    ...{ out: clip, width, height: 64, fps: 10, crf: 1, audio: tone, creationTime: '2020-01-02T03:04:05Z' },
    frames: Array.from({ length: 10 }, () => even),
  });
  const people = (frame: number) => (frame >= 3 && frame < 6 ? [left] : []);
  expect(await blurredCopy(clip, folder.join('copy.mp4'), people)).toEqual({ frames: 10, blurred: 3, whole: 0 });
  const probed = await probeClip(folder.join('copy.mp4'));
  expect(probed).toMatchObject({ width, height: 64, fps: 10, frames: 10, audio: null, capturedAt: null });
  const found = await contrasts(folder.join('copy.mp4'));
  found.forEach((contrast, frame) => {
    if (people(frame).length > 0) expect(contrast.left).toBeLessThan(40);
    else expect(contrast.left).toBeGreaterThan(150);
    expect(contrast.right).toBeGreaterThan(150);
  });
});

it('makes a JPEG of a still, whatever its size, and leaves nothing where the ending is another', async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.join('a.jpg'), await encodeJpeg({ width, height, data: board() }, { quality: 2 }));
  expect(await blurredCopy(folder.join('a.jpg'), folder.join('b.jpg'), () => [left])).toMatchObject({ frames: 1 });
  const [only] = await contrasts(folder.join('b.jpg'));
  expect(only?.left).toBeLessThan(40);
  expect(only?.right).toBeGreaterThan(150);
  await expect(blurredCopy(folder.join('a.jpg'), folder.join('c.mp4'), () => [left])).rejects.toThrow(
    'the copy must end in .jpg',
  );
  await expect(readFile(folder.join('c.mp4'))).rejects.toThrow();
});
