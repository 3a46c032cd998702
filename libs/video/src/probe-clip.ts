import type { ClipMetadata } from '@primatrix/contracts';
import { sha256File } from '@primatrix/files';
import { capturedAt } from './captured-at.ts';
import { audioMetadata } from './decode-audio.ts';
import { ClipError } from './errors.ts';
import { inspectClip, type ClipInspection } from './inspect-clip.ts';
import type { ClipLimits } from './limits.ts';

export type ProbeClipOptions = { readonly signal?: AbortSignal | undefined; readonly limits?: ClipLimits };

/**
 * Reads what a clip is, before anything is computed from its pictures. `frames` is counted by reading every packet;
 * a still is a clip of 1 frame, 1 fps and 0 s. Width and height are those of the upright picture.
 * Throws ClipError: missing, unreadable, empty, not-media, no-video, truncated, damaged, too-large, timed-out, tool-failed.
 */
export async function probeClip(path: string, options: ProbeClipOptions = {}): Promise<ClipMetadata> {
  return describeClip(await inspectClip(path, options), options);
}

/** {@link probeClip} for a clip that is inspected already. */
export async function describeClip(inspection: ClipInspection, options: ProbeClipOptions = {}): Promise<ClipMetadata> {
  const { path, video } = inspection;
  if (video === null) throw new ClipError('no-video', path, `video: '${path}' must hold pictures, got sound only`);
  const [sha256, audio] = await Promise.all([sha256File(path), audioMetadata(inspection, options)]);
  return {
    file: path,
    bytes: inspection.bytes,
    sha256,
    container: inspection.container,
    videoCodec: video.codec,
    width: video.width,
    height: video.height,
    fps: video.fps,
    frames: video.frames,
    durationSeconds: video.durationSeconds,
    capturedAt: capturedAt(inspection.tags),
    audio,
  };
}
