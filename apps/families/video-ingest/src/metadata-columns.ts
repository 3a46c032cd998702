import type { ClipMetadata } from '@primatrix/contracts';
import type { MetadataContext } from '@primatrix/families';
import { readReference } from './clip-reference.ts';
import { modifiedColumns } from './modified-columns.ts';
import { frameSize } from './size-reference.ts';

/** Samples a second of the mono WAV of 16 bit that sound is measured as. */
const wavRate = 22_050;

/**
 * Columns of a clip's file. A codec spends bytes on change, so bytes, by themselves and next to those of clips of the
 * same frame size, measure motion for nothing. What a clip lacks is missing, not zero, unless `silence` says so for sound. Of
 * capture times the hour counts; the time itself tells the camera's visits apart rather than species, so only `competition`
 * had it, and that without frame rate and sample rate. Settings can name other columns.
 */
export function metadataColumns(
  clip: ClipMetadata,
  { profile, reference, capturedAt, settings = {}, modified = {} }: MetadataContext,
): Record<string, number> {
  const { audio } = clip;
  const { sizes, firstModified } = readReference(reference);
  const seconds = clip.durationSeconds > 0 ? clip.durationSeconds : Number.NaN;
  const typical = sizes[frameSize(clip)];
  const audioSeconds = audio === null ? Number.NaN : audio.samples / audio.sampleRate;
  const sound = (value: number) => (audio === null ? (settings.silence ?? Number.NaN) : value);
  const samples = Math.round(audioSeconds * wavRate);
  const columns = {
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
    audio_bytes: sound(audio?.bytes ?? 44 + 2 * samples),
    audio_seconds: sound(audioSeconds),
    audio_min: sound(audio?.min ?? Number.NaN),
    audio_max: sound(audio?.max ?? Number.NaN),
    audio_mean: sound(audio?.mean ?? Number.NaN),
    ...(profile === 'competition'
      ? { captured_at: capturedAt === undefined ? Number.NaN : Math.floor(capturedAt.getTime() / 1000) }
      : { fps: clip.fps ?? Number.NaN, audio_sample_rate: audio?.sampleRate ?? Number.NaN }),
  };
  if (settings.columns === undefined) return columns;
  const all: Record<string, number> = {
    ...columns,
    audio_samples: sound(samples),
    ...modifiedColumns(settings.modified ?? [], modified, firstModified),
  };
  return Object.fromEntries(settings.columns.map((name) => [name, all[name] ?? Number.NaN]));
}
