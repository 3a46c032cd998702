import { readFile, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { clipThumbnail } from './clip-thumbnail.ts';
import { encodeClip } from './encode-clip.ts';
import { ClipError } from './errors.ts';
import { openFrames } from './open-frames.ts';

const width = 96;
const height = 64;

/** Grey frames, one of which has a white square. */
function* frames(count: number, special: number): Generator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    const frame = new Uint8Array(width * height * 3).fill(70);
    if (index === special) for (let i = 0; i < frame.length; i++) if ((i / 3) % width < width / 2) frame[i] = 250;
    yield frame;
  }
}

/** Mean grey of the left and of the right half of a JPEG. */
async function halves(path: string): Promise<{ width: number; height: number; left: number; right: number }> {
  const stream = await openFrames(path);
  for await (const frame of stream) {
    const luma = frame.luma();
    const mean = (wanted: (x: number) => boolean) => {
      const values = luma.filter((_, i) => wanted(i % frame.width));
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    return {
      width: frame.width,
      height: frame.height,
      left: mean((x) => x < frame.width / 2 - 4),
      right: mean((x) => x > frame.width / 2 + 4),
    };
  }
  throw new Error('no frame');
}

it('shows the frame that differs most, small, the same bytes each time, and without a name of its maker', async () => {
  await using folder = await temporaryFolder();
  const clip = folder.join('clip.mp4');
  await encodeClip({ out: clip, width, height, fps: 12, crf: 4, frames: frames(20, 13) });
  const jpeg = await clipThumbnail(clip, { width: 48 });
  expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
  expect(jpeg.length).toBeLessThan(4000);
  expect(Buffer.from(jpeg).includes('Lavc')).toBe(false);
  expect(await clipThumbnail(clip, { width: 48 })).toEqual(jpeg);
  await writeFile(folder.join('thumbnail.jpg'), jpeg);
  const shown = await halves(folder.join('thumbnail.jpg'));
  expect(shown).toMatchObject({ width: 48, height: 32 });
  expect(shown.left).toBeGreaterThan(200);
  expect(shown.right).toBeLessThan(110);
});

it('takes a clip that was cut off, and says so of one that has no picture', async () => {
  await using folder = await temporaryFolder();
  const clip = folder.join('clip.avi');
  await encodeClip({ out: clip, width, height, fps: 12, frames: frames(30, 2) });
  const bytes = await readFile(clip);
  await writeFile(folder.join('cut.avi'), bytes.subarray(0, bytes.length - 300));
  expect((await clipThumbnail(folder.join('cut.avi'))).length).toBeGreaterThan(100);
  await writeFile(folder.join('text.mp4'), 'no clip');
  await expect(clipThumbnail(folder.join('text.mp4'))).rejects.toThrow(ClipError);
});
