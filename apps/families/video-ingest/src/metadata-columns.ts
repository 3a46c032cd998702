import type { ClipMetadata } from '@primatrix/contracts';
import type { MetadataContext } from '@primatrix/families';
import { sizeReferenceSchema, frameSize } from './size-reference.ts';

/**
 * Columns of a clip's file. A codec spends bytes on change, so bytes, by themselves and next to those of clips of the
 * same frame size, measure motion for nothing. What a clip lacks is missing, not zero. Of capture times the hour counts;
 * the time itself tells the camera's visits apart rather than species, so only `competition` has it, in place of the original's
 * modification times. That profile leaves out frame rate and sample rate, as the original did.
 */
export function metadataColumns(
  clip: ClipMetadata,
  { profile, reference, capturedAt }: MetadataContext,
): Record<string, number> {
  const { audio } = clip;
  const seconds = clip.durationSeconds > 0 ? clip.durationSeconds : Number.NaN;
  const typical = sizeReferenceSchema.parse(reference)[frameSize(clip)];
  const audioSeconds = audio === null ? Number.NaN : audio.samples / audio.sampleRate;
  return {
    bytes: clip.bytes,
    width: clip.width ?? Number.NaN,
    height: clip.height ?? Number.NaN,
    frames: clip.videoCodec === null ? Number.NaN : clip.frames,
    seconds: clip.durationSeconds,
    bytes_per_second: clip.bytes / seconds,
    bytes_per_megapixel:
      clip.bytes / (((clip.width ?? Number.NaN) * (clip.height ?? Number.NaN) * Math.max(1, clip.frames)) / 1e6),
    bytes_to_size: clip.bytes / (typical?.bytes ?? Number.NaN),
    bytes_per_second_to_size: clip.bytes / seconds / (typical?.bytesPerSecond ?? Number.NaN),
    capture_hour: capturedAt === undefined ? Number.NaN : (capturedAt.getTime() / 3_600_000) % 24,
    audio: audio === null ? 0 : 1,
    audio_bytes: audio === null ? Number.NaN : wavBytes(audioSeconds),
    audio_seconds: audioSeconds,
    audio_min: audio?.min ?? Number.NaN,
    audio_max: audio?.max ?? Number.NaN,
    audio_mean: audio?.mean ?? Number.NaN,
    ...(profile === 'competition'
      ? { captured_at: capturedAt === undefined ? Number.NaN : Math.floor(capturedAt.getTime() / 1000) }
      : { fps: clip.fps ?? Number.NaN, audio_sample_rate: audio?.sampleRate ?? Number.NaN }),
  };
}

/** Size of the sound as a mono WAV of 16 bit and 22,050 Hz; the original took the size of the stream. */
function wavBytes(seconds: number): number {
  return 44 + 2 * Math.round(seconds * 22_050);
}
