/** Samples a second of all sound that is described: as in the original's WAV copies. */
export const soundSampleRate = 22_050;
/** Samples of one frame, 46 ms, under a Hann window. */
export const frameSize = 1024;
/** Samples from one frame to the next, 23 ms: frames overlap by half. */
export const hopSize = 512;
/** Frames a second. */
export const framesPerSecond = soundSampleRate / hopSize;

/**
 * How many frames a sound of `samples` samples has: whole ones only, except that a sound shorter than a frame is one
 * frame, filled up with zeros. No samples, no frame.
 */
export function frameCount(samples: number): number {
  if (samples === 0) return 0;
  return Math.max(1, 1 + Math.floor((samples - frameSize) / hopSize));
}
