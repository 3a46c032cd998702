import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@primatrix/files';
import { browserCopy, clipThumbnail, decodeAudio, inspectClip } from '@primatrix/video';
import { hammingDistance, hashClip } from '@primatrix/perceptual-hash';
import type { ClipDetail, ClipSignals, ClipSpectrogram } from '@primatrix/review-api';
import type { ClipRow, KeptMetadata } from '../clips/clip-row.ts';
import { clipSpectrogram } from './clip-spectrogram.ts';
import { FileCache } from './file-cache.ts';

/** A file to send, and what it is. */
export interface MediaFile {
  readonly path: string;
  readonly type: string;
}

/** Columns of what is shown over time. */
const parts = 600;
/** Samples a second that loudness needs. */
const loudnessRate = 8000;

/** What pages show of clips: thumbnails, the clips themselves, and how they move and sound. */
export class ClipMedia {
  private readonly made: FileCache;

  /** @param folder where what was made is kept */
  constructor(folder: string) {
    this.made = new FileCache(join(folder, 'cache'));
  }

  async thumbnail({ id, path }: ClipRow): Promise<MediaFile> {
    const made = await this.made.file(path, '.jpg', id, async (out) => writeFileAtomic(out, await clipThumbnail(path)));
    return { path: made, type: 'image/jpeg' };
  }

  /** The clip, as it is where browsers play it, else a copy that they do play. */
  async media(row: ClipRow): Promise<MediaFile> {
    const { id, path } = row;
    const { container, video } = await inspectClip(path);
    const type = playable(container, video?.codec ?? null);
    if (type !== undefined) return { path, type };
    return { path: await this.made.file(path, '.mp4', id, (out) => browserCopy(path, out)), type: 'video/mp4' };
  }

  async signals({ id, path }: ClipRow): Promise<ClipSignals> {
    const made = await this.made.file(path, '.signals-2.json', id, async (out) => {
      const { video, audio } = await inspectClip(path);
      const motion = video === null || video.frames < 2 ? [] : await motionOf(path);
      const samples =
        (audio === null ? null : await decodeAudio(path, { sampleRate: loudnessRate })) ?? new Int16Array();
      await writeFileAtomic(
        out,
        JSON.stringify({
          motion,
          sound: loudnessOf(samples),
          soundSeconds: samples.length / loudnessRate,
        } satisfies ClipSignals),
      );
    });
    return JSON.parse(await readFile(made, 'utf8')) as ClipSignals;
  }

  async spectrogram({ id, path }: ClipRow): Promise<ClipSpectrogram> {
    const made = await this.made.file(path, '.spectrogram.json', id, async (out) =>
      writeFileAtomic(out, JSON.stringify(await clipSpectrogram(path, parts))),
    );
    return JSON.parse(await readFile(made, 'utf8')) as ClipSpectrogram;
  }
}

/** What a player is to be; null where nothing is known yet. */
export function kindOf(metadata: KeptMetadata): ClipDetail['kind'] {
  if (metadata === null) return null;
  if (metadata.videoCodec === null) return metadata.sound ? 'sound' : null;
  return metadata.frames === 1 && metadata.durationSeconds === 0 ? 'picture' : 'video';
}

/** Media type of what every browser plays; undefined for the rest. */
function playable(container: string, videoCodec: string | null): string | undefined {
  const has = (name: string) => container.split(',').includes(name);
  if (has('mp4') && videoCodec === 'h264') return 'video/mp4';
  if (has('webm') && videoCodec !== null && ['vp8', 'vp9', 'av1'].includes(videoCodec)) return 'video/webm';
  if (has('png_pipe')) return 'image/png';
  if (has('jpeg_pipe')) return 'image/jpeg';
  if (videoCodec !== null) return undefined;
  return has('mp3')
    ? 'audio/mpeg'
    : has('wav')
      ? 'audio/wav'
      : has('flac')
        ? 'audio/flac'
        : has('ogg')
          ? 'audio/ogg'
          : has('mp4')
            ? 'audio/mp4'
            : undefined;
}

async function motionOf(path: string): Promise<number[]> {
  const { hashes } = await hashClip(path);
  const distances: number[] = [];
  for (let frame = 1; frame < hashes.frames; frame++) {
    const [before, now] = [hashes.at(frame - 1), hashes.at(frame)];
    distances.push(Math.max(hammingDistance(before.phash, now.phash), hammingDistance(before.dhash, now.dhash)));
  }
  return largestOfParts(distances);
}

function loudnessOf(samples: Int16Array): number[] {
  return largestOfParts(Array.from(samples, (value) => Math.abs(value) / 32_768)).map(
    (value) => Math.round(value * 1000) / 1000,
  );
}

function largestOfParts(values: readonly number[]): number[] {
  if (values.length <= parts) return [...values];
  return Array.from({ length: parts }, (_, part) => {
    let largest = 0;
    for (
      let i = Math.floor((part * values.length) / parts);
      i < Math.floor(((part + 1) * values.length) / parts);
      i++
    ) {
      largest = Math.max(largest, values[i] ?? 0);
    }
    return largest;
  });
}
