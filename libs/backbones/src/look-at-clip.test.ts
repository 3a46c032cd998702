import type { Frame } from '@primatrix/video';
import { expect, test } from 'vitest';
import type { BackboneSettings } from './backbone-settings.ts';
import { lookAtClip } from './look-at-clip.ts';
import type { Backbone } from './open-backbone.ts';

const settings = { size: 2, every: 1, batch: 1, resize: 'bilinear', seed: 1, storage: 'float32' } as const;
const frame = { index: 0, width: 2, height: 2, rgb: () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) };

async function given(changed: Partial<BackboneSettings>): Promise<number[]> {
  let pixels: number[] = [];
  const backbone = {
    spec: { width: 1 },
    run: (frames: Uint8Array) => {
      pixels = [...frames];
      return Promise.resolve(new Float32Array(1));
    },
  } as unknown as Backbone;
  await lookAtClip(backbone, { ...settings, ...changed }, 1).push(frame as unknown as Frame);
  return pixels;
}

test('red and blue change places where the settings say so', async () => {
  expect(await given({})).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(await given({ channels: 'bgr' })).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]);
});
