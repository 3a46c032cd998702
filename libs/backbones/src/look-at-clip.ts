import type { Tensor } from '@primatrix/contracts';
import type { ClipExtraction } from '@primatrix/families';
import { float32ToFloat16 } from '@primatrix/tensor-store';
import type { Frame } from '@primatrix/video';
import type { BackboneSettings } from './backbone-settings.ts';
import { FrameReuse } from './frame-reuse.ts';
import type { Backbone } from './open-backbone.ts';
import { resizeUnmade } from './resize-picture.ts';
import { sampleFrames } from './sample-frames.ts';

/**
 * Collects resized frames until a batch is full, runs it, and keeps only the features. With `reuseWithin` a frame that
 * looks as the last computed one is not computed, and has its features.
 * @param frames how many frames the clip is thought to have; null if unknown
 */
export function lookAtClip(backbone: Backbone, settings: BackboneSettings, frames: number | null): ClipExtraction {
  const { size, batch, maxFrames = Number.POSITIVE_INFINITY, reuseWithin } = settings;
  const { width } = backbone.spec;
  const wants = sampleFrames(settings, frames);
  const pending = new Uint8Array(batch * size * size * 3);
  const pictureBytes = size * size * 3;
  /** One row a frame that was computed. */
  const features: Float32Array[] = [];
  const reuse = reuseWithin === undefined ? undefined : new FrameReuse(reuseWithin);
  /** For each frame seen, which row of `features` is its own. */
  const rows: number[] = [];
  let waiting = 0;

  async function run(): Promise<void> {
    const batched = await backbone.run(pending.subarray(0, waiting * pictureBytes), waiting, size, size);
    for (let i = 0; i < waiting; i++) features.push(batched.subarray(i * width, (i + 1) * width));
    waiting = 0;
  }

  async function compute(frame: Frame): Promise<void> {
    const slot = pending.subarray(waiting * pictureBytes, (waiting + 1) * pictureBytes);
    resizeUnmade(frame, slot, size, size, settings.resize);
    if (settings.channels === 'bgr') swapRedAndBlue(slot);
    waiting++;
    if (waiting === batch) await run();
  }

  return {
    wants: (index) => rows.length < maxFrames && wants(index),
    async push(frame) {
      if (reuse?.repeats(frame) !== true) await compute(frame);
      rows.push(features.length + waiting - 1);
    },
    async finish() {
      if (waiting > 0) await run();
      const data = new Float32Array(rows.length * width);
      rows.forEach((row, i) => data.set(features[row] as Float32Array, i * width));
      const shape = [rows.length, width];
      const tensor: Tensor =
        settings.storage === 'float16'
          ? { dtype: 'float16', shape, data: float32ToFloat16(data) }
          : { dtype: 'float32', shape, data };
      return { tensor, row: {} };
    },
  };
}

function swapRedAndBlue(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const red = pixels[i] as number;
    pixels[i] = pixels[i + 2] as number;
    pixels[i + 2] = red;
  }
}
