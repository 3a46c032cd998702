import { access, constants, stat } from 'node:fs/promises';
import { chooseVideo, soundStreams, type SoundStream } from './choose-streams.ts';
import { readContainerPromise, type ContainerPromise } from './container-promise.ts';
import { ClipError } from './errors.ts';
import type { Orientation } from './exif.ts';
import { beginsAsFormat } from './file-start.ts';
import { fileUrl, type ToolExit, type ToolInput } from './ffmpeg-process.ts';
import { paceOf } from './frame-rate.ts';
import { clipLimits, raiseLimit, type ClipLimits, type limitVariables } from './limits.ts';
import {
  countUneditedPackets,
  listPackets,
  type ListedPacket,
  type ListedStream,
  type Listing,
} from './packet-listing.ts';
import { countPictures, packetsMayMislead } from './picture-count.ts';
import { liesSideways } from './upright.ts';

/** What reading a clip's container tells; everything that decoding needs to know. */
export type ClipInspection = {
  readonly path: string;
  readonly bytes: number;
  readonly container: string;
  /** One picture, no time: PNG, JPEG, BMP, TIFF or WebP. */
  readonly still: boolean;
  readonly video: VideoStream | null;
  /** The sound that is tried first. */
  readonly audio: SoundStream | null;
  /** All sound streams, in the order in which they are tried. */
  readonly sounds: readonly SoundStream[];
  /** All tags of the file and its picture stream, names in lower case. */
  readonly tags: ReadonlyMap<string, string>;
  /** False where the file ends before its container does. */
  readonly complete: boolean;
  /** False where something else stands before what ffmpeg reads. */
  readonly beginsWell: boolean;
  /** What the file is, where not every ffmpeg reads such files; null where every one does. */
  readonly foreign: string | null;
};

/** The picture stream of a file that holds most; sizes in pixels, length in seconds and frames. */
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
  /** Pictures, by the packets; by decoding where packets may mislead. */
  readonly frames: number;
  /**
   * Pictures that the container's own table promises; null where it has none. Fewer than `frames` where damage has
   * made the decoder find more than there were.
   */
  readonly framesPromised: number | null;
};

// Playlists, scripts, devices and text art are formats to ffmpeg, too: only what a camera or recorder writes is opened.
const formats = [
  'mov,mp4,m4a,3gp,3g2,mj2,avi,asf,matroska,webm,mpeg,mpegts,mpegvideo,m4v,h264,hevc,mjpeg,flv,ogg,gif,dv,mxf',
  'png_pipe,jpeg_pipe,bmp_pipe,tiff_pipe,webp_pipe,wav,w64,mp3,aac,ac3,flac,aiff,caf,amr,au',
].join(',');

/**
 * Reads a clip's container, decoding only where its packets do not say how many pictures there are. Takes files with
 * sound only (`video` is then null).
 * @throws ClipError: missing, unreadable, empty, not-media, truncated, damaged, too-large, timed-out, tool-failed
 */
export async function inspectClip(
  path: string,
  { signal, limits = clipLimits() }: { signal?: AbortSignal | undefined; limits?: ClipLimits } = {},
): Promise<ClipInspection> {
  const { promise, bytes } = await openable(path);
  const input = clipInput(path, promise.kind, limits);
  const { listing, exit } = await listPackets(path, input, { signal, limits });
  if (listing === null) throw probeFailure(path, exit, promise);
  const still = promise.kind.endsWith('_pipe');
  const stream = chooseVideo(listing);
  const sounds = soundStreams(listing);
  if (stream === undefined && sounds.length === 0) throw probeFailure(path, exit, promise);
  let video: VideoStream | null = null;
  if (stream !== undefined) {
    checkSize(path, stream, listing, limits);
    video = await videoStream(stream, listing, { promise, still, input, signal, limits });
  }
  return {
    path,
    bytes,
    container: listing.format.format_name,
    still,
    video,
    audio: sounds[0] ?? null,
    sounds,
    tags: allTags(promise, listing, stream, sounds[0]),
    complete: promise.complete,
    beginsWell: still || beginsAsFormat(listing.format.format_name, promise.kind, promise.head),
    foreign: promise.foreign ?? null,
  };
}

/** Why there are no pictures of a file, and what to do. */
export function cannotRead(what: string): string {
  return `${what} cannot be read by this ffmpeg: convert it to JPEG or MP4, or try a newer one with FFMPEG_PATH and FFPROBE_PATH`;
}

const bufferSlack = 1.05;

/** The input by which ffmpeg opens an untrusted file: allowed formats only, stills never as a numbered sequence. */
export function clipInput(path: string, kind: ContainerPromise['kind'], limits: ClipLimits): ToolInput {
  // ffmpeg counts the pixels of its buffers, whose rows are longer than the picture's; the picture's own are counted
  // here.
  const pixels = Math.ceil(limits.maxPixels * bufferSlack);
  const options = ['-format_whitelist', formats, '-max_pixels', String(pixels)];
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
    // Node reads what is not UTF-8 in a name as U+FFFD, by which the file cannot be opened.
    if (path.includes('\u{fffd}')) {
      throw new ClipError('unreadable', path, `video: '${path}' must have a name in UTF-8, got other bytes`, {
        cause: error,
        hint: 'rename the file, for example with convmv or detox',
      });
    }
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
  // A whole file that this ffmpeg cannot read has nothing wrong with it.
  const isForeign = promise.foreign !== undefined && promise.complete;
  const detail =
    (isForeign ? cannotRead(promise.foreign) : undefined) ??
    exit.errors.at(-1)?.replace(fileUrl(path), 'file') ??
    exit.killedBy ??
    'it holds neither pictures nor sound';
  const ofFile = promise.kind === 'other' ? 'not-media' : promise.complete ? 'damaged' : 'truncated';
  const fault = processFault(exit) ?? (isForeign ? 'no-frames' : ofFile);
  const limit = fault === 'too-large' ? 'maxPixels' : fault === 'timed-out' ? 'maxWallSeconds' : null;
  const message = `video: '${path}' cannot be opened as a clip: ${detail}`;
  return new ClipError(fault, path, message, limit === null ? {} : { hint: raiseLimit(limit) });
}

function allTags(
  promise: ContainerPromise,
  { streams, format }: Listing,
  video: ListedStream | undefined,
  sound: SoundStream | undefined,
): Map<string, string> {
  const tags = new Map<string, string>(promise.tags);
  const soundTags = streams.find(({ index }) => index === sound?.index)?.tags;
  for (const source of [soundTags, video?.tags, format.tags]) {
    for (const [name, value] of Object.entries(source ?? {})) tags.set(name.toLowerCase(), value);
  }
  return tags;
}

type VideoContext = {
  readonly promise: ContainerPromise;
  readonly still: boolean;
  readonly input: ToolInput;
  readonly signal: AbortSignal | undefined;
  readonly limits: ClipLimits;
};

async function videoStream(stream: ListedStream, listing: Listing, context: VideoContext): Promise<VideoStream> {
  const { promise, still } = context;
  const { listed, presented } = packetsOf(listing, stream);
  const counted =
    still || !packetsMayMislead(stream, presented) ? null : await countPictures(context.input, stream.index, context);
  const frames = still ? 1 : (counted ?? presented.length);
  const lost = still ? 0 : await lostPackets(stream, listed, context);
  const stated = [stream.duration, listing.format.duration].find((seconds) => seconds !== undefined && seconds > 0);
  const { fps, durationSeconds } = paceOf(stream, presented, stated, frames);
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
    fps: still ? 1 : fps,
    durationSeconds: still ? 0 : durationSeconds,
    frames,
    framesPromised: lost === null ? null : frames + lost,
  };
}

/** A stream's packets that hold something, and of them those that the container's edit list presents. */
function packetsOf(listing: Listing, { index }: ListedStream): { listed: number; presented: readonly ListedPacket[] } {
  const own = (listing.packets ?? []).filter(({ stream_index, size }) => stream_index === index && size !== 0);
  return { listed: own.length, presented: own.filter(({ flags }) => !flags?.includes('D')) };
}

/**
 * How many packets the container's own table lists that are not there, below 0 where more are there than it may have;
 * null where it has no table. Table and packets are counted in the same unit: how many of them are pictures, and are
 * presented, is another matter.
 */
async function lostPackets(
  { index, nb_frames }: ListedStream,
  listed: number,
  { promise, input, signal, limits }: VideoContext,
): Promise<number | null> {
  if (promise.kind !== 'mp4' || !nb_frames) {
    const table = promise.frames?.get(index);
    if (table === undefined) return null;
    // An index may leave out pictures that are not keys: the header's count is above it then.
    const most = Math.max(table, promise.framesAtMost?.get(index) ?? Number.POSITIVE_INFINITY);
    return most > 0 && listed > most ? most - listed : Math.max(0, table - listed);
  }
  // An edit list passes over packets that are there. All of a complete file's packets are.
  if (promise.complete || listed >= nb_frames) return 0;
  const there = (await countUneditedPackets(input, index, { signal, limits })) ?? listed;
  return Math.max(0, nb_frames - Math.max(there, listed));
}

function checkSize(path: string, stream: ListedStream, listing: Listing, limits: ClipLimits): void {
  const tooLarge = (rule: string, got: string, limit: keyof typeof limitVariables): never => {
    throw new ClipError('too-large', path, `video: '${path}': ${rule}, got ${got}`, { hint: raiseLimit(limit) });
  };
  const { width = 0, height = 0 } = stream;
  if (width * height > limits.maxPixels) {
    tooLarge(`a picture may have ${limits.maxPixels} pixels`, `${width} x ${height}`, 'maxPixels');
  }
  const { length } = packetsOf(listing, stream).presented;
  if (length > limits.maxFrames) {
    tooLarge(`a clip may have ${limits.maxFrames} frames`, String(length), 'maxFrames');
  }
}
