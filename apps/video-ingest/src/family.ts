import { createRequire } from 'node:module';
import type { ClipMetadata } from '@primatrix/contracts';
import type { MetadataFamily } from '@primatrix/families';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Metadata columns: size, length and sound of a clip, and how hard its pictures were to compress. */
export const family: MetadataFamily = {
  kind: 'metadata',
  name: 'video-ingest',
  version,
  summary: 'metadata of the clip: size, length, bit rate, sound',
  columns: metadataColumns,
};

/**
 * Frame rate and sample rate are left out, as in the original. A codec spends bytes on change, so bytes a
 * pixel and frame measure motion for nothing. Without sound its columns are missing, not zero.
 */
export function metadataColumns(clip: ClipMetadata): Record<string, number> {
  const seconds = clip.durationSeconds > 0 ? clip.durationSeconds : Number.NaN;
  return {
    bytes: clip.bytes,
    width: clip.width ?? Number.NaN,
    height: clip.height ?? Number.NaN,
    frames: clip.videoCodec === null ? Number.NaN : clip.frames,
    seconds: clip.durationSeconds,
    bytes_per_second: clip.bytes / seconds,
    bytes_per_megapixel: clip.bytes / (((clip.width ?? Number.NaN) * (clip.height ?? Number.NaN) * Math.max(1, clip.frames)) / 1e6),
    audio: clip.audio === null ? 0 : 1,
    audio_seconds: clip.audio === null ? Number.NaN : clip.audio.samples / clip.audio.sampleRate,
    audio_min: clip.audio?.min ?? Number.NaN,
    audio_max: clip.audio?.max ?? Number.NaN,
    audio_mean: clip.audio?.mean ?? Number.NaN,
  };
}
