import type { ClipMetadata } from '@primatrix/contracts';
import { sha256File } from '@primatrix/files';
import { capturedAt } from './captured-at.ts';
import { audioMetadata } from './decode-audio.ts';
import { ClipError } from './errors.ts';
import { inspectClip, type ClipInspection } from './inspect-clip.ts';
import type { ClipLimits } from './limits.ts';

/** How probing is stopped, within which limits a clip is read, and whether the size of the sound's stream is wanted. */
export type ProbeClipOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ClipLimits;
  readonly soundBytes?: boolean;
  /** Of the sound that is tried first at its own rate, where that is decoded elsewhere; null: it is decoded here. */
  readonly samples?: Promise<Int16Array | null> | null;
};

/**
 * Reads what a clip is, before anything is computed from it. `frames` is counted by reading every packet; a still is
 * a clip of 1 frame, 1 fps and 0 s; sound alone has 0 frames, no picture and the length of its samples. Width and
 * height are those of the upright picture. Beside pictures, sound that does not decode has 0 samples.
 * @throws ClipError: missing, unreadable, empty, not-media, truncated, damaged, too-large, timed-out, tool-failed
 */
export async function probeClip(path: string, options: ProbeClipOptions = {}): Promise<ClipMetadata> {
  return describeClip(await inspectClip(path, options), options);
}

/** {@link probeClip} for a clip that is inspected already; whoever decodes it next hands the same inspection to `openFrames`. */
export async function describeClip(inspection: ClipInspection, options: ProbeClipOptions = {}): Promise<ClipMetadata> {
  const { path, video } = inspection;
  const [sha256, audio] = await Promise.all([sha256File(path), soundOf(inspection, options)]);
  return {
    file: path,
    bytes: inspection.bytes,
    sha256,
    container: inspection.container,
    videoCodec: video?.codec ?? null,
    width: video?.width ?? null,
    height: video?.height ?? null,
    fps: video?.fps ?? null,
    frames: video?.frames ?? 0,
    durationSeconds: video?.durationSeconds ?? (audio === null ? 0 : audio.samples / audio.sampleRate),
    capturedAt: capturedAt(inspection.tags),
    audio,
  };
}

/** Sound that does not decode costs a clip its sound, not its pictures. */
async function soundOf(inspection: ClipInspection, options: ProbeClipOptions): Promise<ClipMetadata['audio']> {
  try {
    return await audioMetadata(inspection, options);
  } catch (error) {
    if (
      !(error instanceof ClipError) ||
      error.fault !== 'damaged' ||
      inspection.video === null ||
      inspection.audio === null
    ) {
      throw error;
    }
    const { codec, sampleRate, channels, bytes } = inspection.audio;
    const size = options.soundBytes === true ? { bytes } : {};
    return { codec, sampleRate, channels, ...size, samples: 0, min: 0, max: 0, mean: 0 };
  }
}
