import { describe, expect, it } from 'vitest';
import { FrameHasher } from './frame-hasher.ts';
import { hashFrames } from './hash-frames.ts';
import { hashBeside } from './hash-thread.ts';
import { frameBytes, type PixelLayout } from './yuv-grey.ts';

const layout: PixelLayout = { kind: 'yuv', format: { shiftX: 1, shiftY: 1, fullRange: false } };

function frame(width: number, height: number, seed: number, shared: boolean) {
  const length = frameBytes(width, height, layout);
  const bytes = shared ? new Uint8Array(new SharedArrayBuffer(length)) : new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * seed + (i >> 8)) % 239;
  return { bytes, width, height, layout };
}

describe('hashBeside', () => {
  it('hashes large frames of several sizes bit for bit as the thread that asks would', async () => {
    for (const [width, height] of [
      [1920, 1080],
      [1280, 720],
      [1080, 1920],
      [1000, 1000],
      [1600, 900],
      [1920, 1080],
    ] as const) {
      for (const seed of [7, 11]) {
        const large = frame(width, height, seed, true);
        const here = new Uint32Array(4);
        new FrameHasher(large).hashInto(large.bytes, here, 0);
        expect(await hashBeside(large)).toEqual(here);
      }
    }
  });

  it('leaves small frames, those that are not shared, and those of another size to whoever asks', () => {
    expect(hashBeside(frame(640, 480, 7, true))).toBeNull();
    expect(hashBeside(frame(1920, 1080, 7, false))).toBeNull();
    expect(hashBeside({ ...frame(1920, 1080, 7, true), height: 1000 })).toBeNull();
  });
});

describe('hashFrames', () => {
  it('keeps the order of frames, wherever each is hashed', async () => {
    const made = [3, 5, 7, 11].map((seed) => frame(1280, 960, seed, seed % 3 !== 1));
    const frames = made.map(({ bytes, ...size }) => ({
      ...size,
      luma: () => bytes,
      planes: () => ({ bytes, layout }),
    }));
    const hashes = await hashFrames(frames);
    expect(hashes.frames).toBe(4);
    const hasher = new FrameHasher({ width: 1280, height: 960, layout });
    made.forEach(({ bytes }, i) => expect(hashes.at(i)).toEqual(hasher.hash(bytes)));
  });
});
