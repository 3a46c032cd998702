import { Rng } from '@primatrix/rng';
import { encodeClip } from '@primatrix/video';

const [width, height, fps, seconds] = [1920, 1080, 24, 30] as const;
const sampleRate = 44_100;

/**
 * Writes a clip as a present camera does, 1920x1080, 30 s at 24 frames a second with sound: a grainy picture over which
 * the camera pans.
 * @param out file to write, ending in `.mp4`
 * @returns the file
 */
export async function writeBenchClip(out: string): Promise<string> {
  const frameBytes = width * height * 3;
  const panBytes = 4 * 3;
  const rng = Rng.of(1, 'bench clip');
  // Frames are windows on one long row of bytes, each a few pixels on.
  const scene = Uint8Array.from({ length: frameBytes + fps * seconds * panBytes }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / (3 * width))];
    return 110 + 60 * Math.sin(x / 90 + (i % 3)) * Math.cos(y / 70) + 16 * rng.uniform();
  });
  await encodeClip({
    out,
    width,
    height,
    fps,
    frames: Array.from({ length: fps * seconds }, (_, i) => scene.subarray(i * panBytes, i * panBytes + frameBytes)),
    audio: {
      samples: Float32Array.from({ length: sampleRate * seconds }, (_, i) => 0.3 * Math.sin(i / 15)),
      sampleRate,
    },
    crf: 26,
  });
  return out;
}
