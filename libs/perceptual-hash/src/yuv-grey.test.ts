import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { frameBytes, greyReference } from './yuv-grey.ts';

describe('greyReference', () => {
  // Pillow's grey of the rgb24 that ffmpeg's swscale made of the same bytes, the conversion that OpenCV calls.
  it.each([
    ['yuv420p', 1, false, '6145a2d579161e3cfdf6c61d23576f85de34c954b514445b7e33e53b970ded54'],
    ['yuvj420p', 1, true, '196d9560253f68b57f4dbf23e27aeda71a329628048147f993742071ef0c8716'],
    ['yuv422p', 0, false, 'f42529d5eb7c2b26033c2f99f1a351d38f406e09ef4df970c433f1106c85002f'],
    ['yuvj422p', 0, true, '9a58d077f6fa604135046db6249ecbbd062c9d80006acd7b3e67180dfb2e1fc3'],
  ] as const)('is swscale and Pillow to the last bit for %s', (_, shiftY, fullRange, digest) => {
    const layout = { kind: 'yuv', format: { shiftX: 1, shiftY, fullRange } } as const;
    const bytes = Uint8Array.from(
      { length: frameBytes(66, 48, layout) },
      (_unused, i) => (i * 167 + (i >> 8) * 59 + ((i * i) >> 5)) & 255,
    );
    expect(
      createHash('sha256')
        .update(greyReference(bytes, 66, 48, layout))
        .digest('hex'),
    ).toBe(digest);
  });

  it('widens limited luma as a frame without colour', () => {
    const luma = Uint8Array.from({ length: 256 }, (_, i) => i);
    const frame = new Uint8Array(256 * 2).fill(128);
    frame.set(luma);
    const grey = greyReference(frame, 16, 16, { kind: 'yuv', format: { shiftX: 1, shiftY: 0, fullRange: false } });
    expect(greyReference(luma, 16, 16, { kind: 'luma', fullRange: false })).toEqual(grey);
    expect([grey[0], grey[16], grey[126], grey[235], grey[255]]).toEqual([0, 0, 128, 255, 255]);
  });
});
