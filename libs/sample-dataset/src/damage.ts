import type { Rng } from '@primatrix/rng';
import type { SampleDamage } from './plan.ts';

const notAClip =
  'This is not a video. It stands in for a file that a failing memory card has filled with something else.\n';

/**
 * Spoils the bytes of a healthy MP4 whose index lies at its front. `middle` overwrites stretches of the stream behind the
 * index, `cut` leaves the first two thirds, `text` replaces everything.
 */
export function spoilBytes(bytes: Uint8Array<ArrayBuffer>, damage: SampleDamage, rng: Rng): Uint8Array<ArrayBuffer> {
  if (damage === 'text') return new TextEncoder().encode(notAClip.repeat(40));
  if (damage === 'cut') return bytes.slice(0, Math.floor(bytes.length * 0.67));
  if (damage === 'none') return bytes;
  const spoilt = bytes.slice();
  for (let i = Math.floor(bytes.length * 0.42); i < bytes.length * 0.55; i++) spoilt[i] = rng.int(256);
  return spoilt;
}
