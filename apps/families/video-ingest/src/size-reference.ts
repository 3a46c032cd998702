import type { ClipMetadata } from '@primatrix/contracts';
import { z } from 'zod';

/** What clips of each frame size typically have; by `<width>x<height>`. */
export const sizeReferenceSchema = z.record(
  z.string(),
  z.object({
    clips: z.int().positive(),
    /** Medians; the second is null where no clip of the size has a length. */
    bytes: z.number(),
    bytesPerSecond: z.number().nullable(),
  }),
);
export type SizeReference = z.infer<typeof sizeReferenceSchema>;

/** `<width>x<height>`, or `sound` where there are no pictures. */
export function frameSize({ width, height }: ClipMetadata): string {
  return width === null || height === null ? 'sound' : `${width}x${height}`;
}

/** Medians of file size and bit rate, by frame size. */
export function sizeReference(clips: readonly ClipMetadata[]): SizeReference {
  const sizes = [...new Set(clips.map(frameSize))].sort();
  return Object.fromEntries(
    sizes.map((size) => {
      const own = clips.filter((clip) => frameSize(clip) === size);
      const rates = own.flatMap(({ bytes, durationSeconds }) => (durationSeconds > 0 ? [bytes / durationSeconds] : []));
      return [
        size,
        { clips: own.length, bytes: median(own.map(({ bytes }) => bytes)) ?? 0, bytesPerSecond: median(rates) ?? null },
      ];
    }),
  );
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
