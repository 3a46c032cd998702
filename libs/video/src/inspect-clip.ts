import { access, constants, stat } from 'node:fs/promises';
import { z } from 'zod';
import { readContainerPromise, type ContainerPromise } from './container-promise.ts';
import { ClipError } from './errors.ts';
import { fileUrl, readOutput, startTool, type ToolExit, type ToolInput } from './ffmpeg-process.ts';
import { liesSideways, type Orientation } from './jpeg-orientation.ts';
import { defaultClipLimits, type ClipLimits } from './limits.ts';

/** What reading a clip's container tells; everything that decoding needs to know. */
export type ClipInspection = {
  readonly path: string;
  readonly bytes: number;
  readonly container: string;
  /** One picture, no time: PNG, JPEG, BMP, TIFF or WebP. */
  readonly still: boolean;
  readonly video: VideoStream | null;
  readonly audio: { readonly codec: string; readonly sampleRate: number; readonly channels: number } | null;
  /** All tags of the file and its picture stream, names in lower case. */
  readonly tags: ReadonlyMap<string, string>;
  /** False where the file ends before its container does. */
  readonly complete: boolean;
};

/** The first picture stream of a file; sizes in pixels, length in seconds and frames. */
export type VideoStream = {
  /** Number of the stream in the file. */
  readonly index: number;
  readonly codec: string;
  /** Size of the upright picture: a rotation that the container states is applied. */
  readonly width: number;
  readonly height: number;
  /** How a still is to be turned; clips are turned by ffmpeg. */
  readonly orientation: Orientation;
  readonly pixelFormat: string;
  readonly fullRange: boolean;
  readonly fps: number;
  readonly durationSeconds: number;
  /** Pictures found by reading all packets. */
  readonly frames: number;
  /** Pictures that the container's own table promises; null where it has none. */
  readonly framesPromised: number | null;
};

// Playlists, scripts, devices and text art are formats to ffmpeg, too: only what a camera or recorder writes is opened.
const formats = [
  'mov,mp4,m4a,3gp,3g2,mj2,avi,asf,matroska,webm,mpeg,mpegts,mpegvideo,m4v,h264,hevc,mjpeg,flv,ogg,gif,dv,mxf',
  'png_pipe,jpeg_pipe,bmp_pipe,tiff_pipe,webp_pipe,wav,w64,mp3,aac,ac3,flac,aiff,caf,amr,au',
].join(',');

// 100 bytes a packet: an hour of video and sound is 20 MB.
const largestListing = 64 << 20;
// No camera is faster; a container that states less time than its frames need is lying.
const fastestFps = 240;

const numeric = z.coerce.number().catch(Number.NaN);
const tagSchema = z.record(z.string(), z.string()).optional();
const listingSchema = z.object({
  packets: z.array(z.object({ stream_index: z.int().optional(), flags: z.string().optional() })).optional(),
  streams: z.array(
    z.object({
      index: z.int(),
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: numeric.optional(),
      height: numeric.optional(),
      pix_fmt: z.string().optional(),
      color_range: z.string().optional(),
      r_frame_rate: z.string().optional(),
      avg_frame_rate: z.string().optional(),
      nb_frames: numeric.optional(),
      duration: numeric.optional(),
      sample_rate: numeric.optional(),
      channels: numeric.optional(),
      disposition: z.object({ attached_pic: z.int().optional() }).optional(),
      tags: tagSchema,
      side_data_list: z.array(z.object({ rotation: numeric.optional() })).optional(),
    }),
  ),
  format: z.object({ format_name: z.string(), duration: numeric.optional(), tags: tagSchema }),
});
type Listing = z.infer<typeof listingSchema>;
type ListedStream = Listing['streams'][number];

const listedEntries = [
  'packet=stream_index,flags',
  'stream=index,codec_type,codec_name,width,height,pix_fmt,color_range,r_frame_rate,avg_frame_rate,nb_frames,duration,sample_rate,channels',
  'stream_disposition=attached_pic',
  'stream_tags',
  'stream_side_data=rotation',
  'format=format_name,duration',
  'format_tags',
].join(':');

/**
 * Reads a clip's container, without decoding. Takes files with sound only (`video` is then null).
 * @throws ClipError: missing, unreadable, empty, not-media, truncated, damaged, too-large, timed-out, tool-failed
 */
export async function inspectClip(
  path: string,
  { signal, limits = defaultClipLimits }: { signal?: AbortSignal | undefined; limits?: ClipLimits } = {},
): Promise<ClipInspection> {
  const { promise, bytes } = await openable(path);
  const running = startTool({
    tool: 'ffprobe',
    inputs: [clipInput(path, promise.kind, limits)],
    outputOptions: ['-show_entries', listedEntries, '-of', 'json'],
    output: null,
    limits,
    signal,
  });
  const output = await readOutput(running, largestListing);
  const exit = await running.exit;
  signal?.throwIfAborted();
  if (output === null) throw new ClipError('too-large', path, `video: '${path}' has more packets than a clip may have`);
  if (exit.code !== 0) throw probeFailure(path, exit, promise);
  const inspection = summarise(path, bytes, promise, listingSchema.parse(JSON.parse(output.toString('utf8'))));
  if (inspection.video === null && inspection.audio === null) throw probeFailure(path, exit, promise);
  checkSize(inspection, limits);
  return inspection;
}

/** The input by which ffmpeg opens an untrusted file: allowed formats only, stills never as a numbered sequence. */
export function clipInput(path: string, kind: ContainerPromise['kind'], limits: ClipLimits): ToolInput {
  const options = ['-format_whitelist', formats, '-max_pixels', String(limits.maxPixels)];
  return { url: fileUrl(path), options: kind.endsWith('_pipe') ? [...options, '-f', kind] : options };
}

/**
 * Checks that a path names a readable, non-empty file, and reads what its container promises.
 * @throws ClipError
 */
export async function openable(path: string): Promise<{ promise: ContainerPromise; bytes: number }> {
  let bytes: number;
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new ClipError('unreadable', path, `video: '${path}' must be a file, got something else`);
    await access(path, constants.R_OK);
    bytes = found.size;
    if (bytes > 0) return { promise: await readContainerPromise(path), bytes };
  } catch (error) {
    if (error instanceof ClipError) throw error;
    const missing = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    const [fault, rule] = missing
      ? (['missing', 'must exist'] as const)
      : (['unreadable', 'must be readable'] as const);
    throw new ClipError(fault, path, `video: '${path}' ${rule}, got ${(error as Error).message}`, { cause: error });
  }
  throw new ClipError('empty', path, `video: '${path}' must hold a clip, got 0 bytes`);
}

/** The fault behind a process that ended badly by itself or by a limit; null where the file is to blame. */
export function processFault(exit: ToolExit): 'timed-out' | 'too-large' | 'tool-failed' | null {
  if (exit.timedOut || exit.killedBy === 'SIGXCPU') return 'timed-out';
  if (
    exit.errors.some((line) => /cannot allocate memory|out of memory|picture size .* (exceeds|is invalid)/i.test(line))
  ) {
    return 'too-large';
  }
  return exit.killedBy === null && exit.code !== 127 ? null : 'tool-failed';
}

function probeFailure(path: string, exit: ToolExit, promise: ContainerPromise): ClipError {
  const detail =
    exit.errors.at(-1)?.replace(fileUrl(path), 'file') ?? exit.killedBy ?? 'it holds neither pictures nor sound';
  const fault =
    processFault(exit) ?? (promise.kind === 'other' ? 'not-media' : promise.complete ? 'damaged' : 'truncated');
  return new ClipError(fault, path, `video: '${path}' cannot be opened as a clip: ${detail}`);
}

function summarise(path: string, bytes: number, promise: ContainerPromise, listing: Listing): ClipInspection {
  const { streams, format } = listing;
  const video = streams.find((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const sound = streams.find(
    (stream) => stream.codec_type === 'audio' && (stream.sample_rate ?? 0) > 0 && (stream.channels ?? 0) > 0,
  );
  const still = promise.kind.endsWith('_pipe');
  const tags = new Map<string, string>(promise.createdAt === undefined ? [] : [['creation_time', promise.createdAt]]);
  for (const source of [sound?.tags, video?.tags, format.tags]) {
    for (const [name, value] of Object.entries(source ?? {})) tags.set(name.toLowerCase(), value);
  }
  return {
    path,
    bytes,
    container: format.format_name,
    still,
    video: video && video.width && video.height ? videoStream(video, listing, promise, still) : null,
    audio: sound
      ? { codec: sound.codec_name ?? 'unknown', sampleRate: sound.sample_rate ?? 0, channels: sound.channels ?? 0 }
      : null,
    tags,
    complete: promise.complete,
  };
}

function videoStream(stream: ListedStream, listing: Listing, promise: ContainerPromise, still: boolean): VideoStream {
  let listed = 0;
  let discarded = 0; // packets that the container's edit list leaves out
  for (const { stream_index, flags } of listing.packets ?? []) {
    if (stream_index !== stream.index) continue;
    listed++;
    if (flags?.includes('D')) discarded++;
  }
  const frames = listed - discarded;
  const stated = promise.kind === 'mp4' && stream.nb_frames ? stream.nb_frames : promise.frames?.get(stream.index);
  const duration = [stream.duration, listing.format.duration].find((seconds) => seconds !== undefined && seconds > 0);
  const fps = still ? 1 : (frameRate(stream) ?? (duration ? Math.max(1, frames) / duration : 1));
  const rotation =
    stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ??
    Number(stream.tags?.['rotate'] ?? 0);
  const orientation = promise.orientation ?? 1;
  // Newer ffprobes tell a still's orientation as a rotation, too.
  const sideways = still ? liesSideways(orientation) : Math.abs(Math.round(rotation / 90)) % 2 === 1;
  const { width = 0, height = 0, pix_fmt: pixelFormat = 'unknown' } = stream;
  return {
    index: stream.index,
    codec: stream.codec_name ?? 'unknown',
    width: sideways ? height : width,
    height: sideways ? width : height,
    orientation,
    pixelFormat,
    fullRange: pixelFormat.startsWith('yuvj') || stream.color_range === 'pc',
    fps,
    durationSeconds: still ? 0 : (duration ?? frames / fps),
    frames: still ? 1 : frames,
    framesPromised: still ? 1 : stated === undefined ? null : Math.max(0, stated - discarded),
  };
}

// The stated average; streams without one (and nonsense such as 90,000) fall back to the base rate.
function frameRate({ avg_frame_rate, r_frame_rate }: ListedStream): number | null {
  for (const text of [avg_frame_rate, r_frame_rate]) {
    const [numerator, denominator = 1] = (text ?? '').split('/').map(Number);
    const rate = (numerator ?? Number.NaN) / denominator;
    if (rate > 0 && rate <= 1000) return rate;
  }
  return null;
}

function checkSize({ path, video }: ClipInspection, limits: ClipLimits): void {
  const tooLarge = (rule: string, got: string): never => {
    throw new ClipError('too-large', path, `video: '${path}': ${rule}, got ${got}`, {
      hint: 'raise the limit if the clip is to be trusted',
    });
  };
  if (video === null) return;
  if (video.width * video.height > limits.maxPixels) {
    tooLarge(`a picture may have ${limits.maxPixels} pixels`, `${video.width} x ${video.height}`);
  }
  if (video.durationSeconds > limits.maxSeconds) {
    tooLarge(`a clip may last ${limits.maxSeconds} s`, `${video.durationSeconds} s`);
  }
  if (video.frames > limits.maxSeconds * fastestFps) {
    tooLarge(`a clip may have ${limits.maxSeconds * fastestFps} frames`, String(video.frames));
  }
}
