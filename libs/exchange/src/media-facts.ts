import { extname } from 'node:path';
import { capturedAt, ClipError, inspectClip } from '@primatrix/video';
import { parseCaptureTime, type CaptureTime } from './capture-time/capture-time.ts';

/** What other tools want to know of a media file. */
export interface MediaFacts {
  readonly kind: 'video' | 'image' | 'audio';
  /** Frames a second; null where there are no moving pictures. */
  readonly fps: number | null;
  /** 0 for sound alone. */
  readonly frames: number;
  readonly durationSeconds: number;
  /** Pixels; null for sound alone. */
  readonly width: number | null;
  readonly height: number | null;
  /** By the container's own tags. */
  readonly time: CaptureTime | null;
}

/** Reads a file's container, without decoding; null where it cannot be opened (its outcome says why). */
export async function mediaFacts(path: string, signal: AbortSignal): Promise<MediaFacts | null> {
  try {
    const { still, video, tags } = await inspectClip(path, { signal });
    return {
      kind: video === null ? 'audio' : still ? 'image' : 'video',
      fps: video === null || still ? null : video.fps,
      frames: video?.frames ?? 0,
      durationSeconds: video?.durationSeconds ?? 0,
      width: video?.width ?? null,
      height: video?.height ?? null,
      time: parseCaptureTime(capturedAt(tags) ?? '', 'container'),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClipError) return null;
    throw error;
  }
}

/** Media types that IANA registers, or by which the ending is generally known. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.avi': 'video/x-msvideo',
  '.asf': 'video/x-ms-asf',
  '.wmv': 'video/x-ms-wmv',
  '.mkv': 'video/x-matroska',
  '.webm': 'video/webm',
  '.3gp': 'video/3gpp',
  '.3g2': 'video/3gpp2',
  '.mpg': 'video/mpeg',
  '.mpeg': 'video/mpeg',
  '.m2v': 'video/mpeg',
  '.ts': 'video/mp2t',
  '.mts': 'video/mp2t',
  '.m2ts': 'video/mp2t',
  '.flv': 'video/x-flv',
  '.ogv': 'video/ogg',
  '.mxf': 'application/mxf',
  '.mjpg': 'video/x-motion-jpeg',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.bmp': 'image/bmp',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.flac': 'audio/flac',
  '.ogg': 'audio/ogg',
  '.oga': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.wma': 'audio/x-ms-wma',
  '.amr': 'audio/amr',
};

/** `video/x-msvideo` and the like, by the name's ending; `video/x-unknown` and the like by what the file holds. */
export function mediaType(filename: string, kind: MediaFacts['kind'] | null): string {
  const known = mediaTypes[extname(filename).toLowerCase()];
  // Camtrap DP allows no application/...; an ending that contradicts what the file holds is not believed.
  return known !== undefined && known.startsWith(`${kind ?? known.split('/')[0]}/`) && !known.startsWith('application/')
    ? known
    : `${kind ?? 'video'}/x-unknown`;
}
