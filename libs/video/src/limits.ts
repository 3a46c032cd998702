import { availableParallelism } from 'node:os';
import { UsageError } from '@primatrix/contracts';

/**
 * Bounds on what one clip may cost; clips come from strangers' memory cards. They bound work, not what a header states:
 * a clip that claims to last ten hours and holds thirty pictures is thirty pictures of work.
 */
export type ClipLimits = {
  /** Pixels of one picture; default 100,000,000. */
  readonly maxPixels: number;
  /** Pictures of one clip; default 432,000: half an hour of 240 a second, two hours of 60. */
  readonly maxFrames: number;
  /** Wall time and processor time (per thread) of one child process; default 600 s. */
  readonly maxWallSeconds: number;
  /** Address space of one child process; default 2 GiB. Not enforced on Windows and macOS. */
  readonly maxMemoryBytes: number;
};

/** The environment variables that raise limits, by limit, with what they count. */
export const limitVariables = {
  maxPixels: { variable: 'PRIMATRIX_MAX_MEGAPIXELS', unit: 1_000_000, option: '--max-megapixels' },
  maxFrames: { variable: 'PRIMATRIX_MAX_FRAMES', unit: 1, option: '--max-frames' },
  maxWallSeconds: { variable: 'PRIMATRIX_MAX_DECODE_SECONDS', unit: 1, option: '--max-decode-seconds' },
} as const;

/** What to do about a clip that is over a limit. */
export function raiseLimit(limit: keyof typeof limitVariables): string {
  const { variable, option } = limitVariables[limit];
  return `raise the limit with ${option} (or ${variable}) if the clip is to be trusted`;
}

/** Limits where nobody says otherwise. */
export const defaultClipLimits: ClipLimits = {
  maxPixels: 100_000_000,
  maxFrames: 432_000,
  maxWallSeconds: 600,
  maxMemoryBytes: 2 * 1024 ** 3,
};

// Decoder and scaler hold a picture several times, with up to 8 bytes a pixel.
const bytesOfRaisedPixel = 24;

/**
 * The limits of this process: the default ones, or as the environment raises (or lowers) them; processes started from
 * here inherit them. Larger pictures bring the memory that they need.
 * @throws UsageError CLIP_LIMIT where a variable is no number above 0
 */
export function clipLimits(): ClipLimits {
  const given = (limit: keyof typeof limitVariables): number => {
    const { variable, unit } = limitVariables[limit];
    const text = process.env[variable];
    if (text === undefined || text === '') return defaultClipLimits[limit];
    const value = Number(text);
    if (!(value > 0 && value < 1e9)) {
      throw new UsageError('CLIP_LIMIT', `video: ${variable} must be a number above 0, got '${text}'`, {
        hint: `correct ${variable}, or unset it to use the default, ${defaultClipLimits[limit] / unit}`,
      });
    }
    return Math.ceil(value * unit);
  };
  const maxPixels = given('maxPixels');
  const morePixels = Math.max(0, maxPixels - defaultClipLimits.maxPixels);
  return {
    maxPixels,
    maxFrames: given('maxFrames'),
    maxWallSeconds: given('maxWallSeconds'),
    maxMemoryBytes: defaultClipLimits.maxMemoryBytes + morePixels * bytesOfRaisedPixel,
  };
}

/** Decoder threads a process: each one reserves address space and frame buffers, and clips are run side by side. */
export const decoderThreads = Math.min(4, availableParallelism());
