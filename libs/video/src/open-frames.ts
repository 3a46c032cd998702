import { PrimatrixError, type ClipOutcome } from '@primatrix/contracts';
import { decodeOutcome } from './decode-outcome.ts';
import { ClipError } from './errors.ts';
import { standardOutput, startToolInto, type RunningTool, type ToolFile } from './ffmpeg-process.ts';
import { makeFrame, type Frame, type RawLayout } from './frame.ts';
import { FrameQueue } from './frame-queue.ts';
import { clipInput, inspectClip, openable, type ClipInspection, type VideoStream } from './inspect-clip.ts';
import { liesSideways, uprightFilters } from './upright.ts';
import { clipLimits, type ClipLimits } from './limits.ts';
import { goBeside, SoundFiles, type WantedSound } from './sound-files.ts';
import { yuvFrameBytes, type YuvFormat } from './yuv-to-rgb.ts';

/** What of a frame is wanted, how long it stays valid, and within which limits a clip is decoded. */
export type OpenFramesOptions = {
  readonly signal?: AbortSignal | undefined;
  /** `luma`: grey only, a third less to move and no colours; default `yuv`: grey and colours. */
  readonly layout?: 'luma' | 'yuv';
  /** Frames share buffers: what a frame holds is valid only until the next one is asked for. Spares the collector; default false. */
  readonly reuseBuffers?: boolean;
  /** Spares reading the container again. */
  readonly inspection?: ClipInspection;
  /** Sounds that are to be decoded with the pictures, see {@link FrameStream.sounds}; default none. */
  readonly sounds?: readonly WantedSound[];
  readonly limits?: ClipLimits;
};

/** Frames of one clip in order, to be iterated once; leaving the loop early ends the decoder. */
export interface FrameStream extends AsyncIterable<Frame> {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** What the container promises, as far as it can be known before decoding. */
  readonly framesExpected: number | null;
  /**
   * How decoding ended; settles when the iteration ends. Never `ok` when frames are missing. Rejects with the
   * signal's reason after an abort, and with `VIDEO_STOPPED` where the consumer left early.
   */
  readonly outcome: Promise<ClipOutcome>;
  /**
   * The sounds that were asked for, in that order: [n] samples, -32,768..32,767. Null where one is to be decoded by
   * itself, because it is long, or something is wrong with the clip. Settles when the iteration ends, or at once.
   */
  readonly sounds: Promise<readonly (Int16Array | null)[]>;
  /**
   * Whether the process decodes sounds, too. Unless `outcome` is then `ok`, the clip is to be decoded once more without: of
   * what is wrong one may not tell which of the two it is in.
   */
  readonly soundsBeside: boolean;
}

// Planar 8-bit formats whose first plane is the luma; everything else is converted, to yuv420p or rgb24.
const planar: ReadonlyMap<string, readonly [shiftX: number, shiftY: number]> = new Map([
  ['yuv420p', [1, 1]],
  ['yuvj420p', [1, 1]],
  ['yuv422p', [1, 0]],
  ['yuvj422p', [1, 0]],
  ['yuv444p', [0, 0]],
  ['yuvj444p', [0, 0]],
  ['yuv440p', [0, 1]],
  ['yuvj440p', [0, 1]],
  ['yuv411p', [2, 0]],
  ['yuvj411p', [2, 0]],
  ['yuv410p', [2, 2]],
]);
const rgbLike = /^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|pal8|gray|ya8|ya16|mono)/;

/**
 * Decodes a clip once and streams its frames at native size, every coded frame once whatever its time stamp, upright.
 * The frames wait for the consumer. Damage does not throw: `outcome` tells.
 * @throws ClipError as `inspectClip` does, and no-video
 */
export async function openFrames(path: string, options: OpenFramesOptions = {}): Promise<FrameStream> {
  const { signal, limits = clipLimits(), layout = 'yuv', reuseBuffers = false } = options;
  const inspection = options.inspection ?? (await inspectClip(path, { signal, limits }));
  const { video } = inspection;
  if (video === null) throw new ClipError('no-video', path, `video: '${path}' must hold pictures, got sound only`);
  const { promise } = await openable(path);
  const raw = rawLayout(inspection.still, video, layout);
  const input = clipInput(path, promise.kind, limits);
  const start = (frames: FrameQueue, files: readonly ToolFile[]): RunningTool =>
    startToolInto(
      {
        tool: 'ffmpeg',
        // Only some versions of ffmpeg turn stills by themselves.
        inputs: [inspection.still ? { ...input, options: [...(input.options ?? []), '-noautorotate'] } : input],
        outputOptions: decoderOptions(video, raw, inspection.still),
        output: standardOutput,
        files,
        limits,
        signal,
      },
      frames,
    );
  return new DecodedClip(inspection, video, { ...raw, reuseBuffers, sounds: options.sounds ?? [] }, start, signal);
}

type Raw = { readonly layout: RawLayout; readonly pixelFormat: string; readonly bytes: number };

function rawLayout(still: boolean, video: VideoStream, layout: 'luma' | 'yuv'): Raw {
  const { width, height, pixelFormat, fullRange } = video;
  // Stills are few and must match what image libraries read: their colours come from ffmpeg's exact conversion.
  // Pictures of odd height, too: swscale, and OpenCV with it, interpolates their colours.
  if (still || rgbLike.test(pixelFormat) || height % 2 === 1) {
    return { layout: { kind: 'rgb' }, pixelFormat: 'rgb24', bytes: width * height * 3 };
  }
  const known = planar.get(pixelFormat);
  const planes = known ? pixelFormat : fullRange ? 'yuvj420p' : 'yuv420p';
  if (layout === 'luma') return { layout: { kind: 'luma', fullRange }, pixelFormat: planes, bytes: width * height };
  const [shiftX, shiftY] = known ?? [1, 1];
  const format: YuvFormat = { shiftX, shiftY, fullRange };
  return { layout: { kind: 'yuv', format }, pixelFormat: planes, bytes: yuvFrameBytes(width, height, format) };
}

function decoderOptions(video: VideoStream, raw: Raw, still: boolean): string[] {
  const flags = still ? ':flags=bilinear+accurate_rnd+full_chroma_int+full_chroma_inp' : '';
  // The scaler does nothing, unless the picture changes its size halfway: frames would no longer be told apart.
  const size = liesSideways(video.orientation) ? `${video.height}:${video.width}` : `${video.width}:${video.height}`;
  const filters = [`scale=${size}${flags}`, `format=${raw.pixelFormat}`, ...uprightFilters[video.orientation]];
  if (raw.layout.kind === 'luma') filters.push('extractplanes=y');
  return [
    ...['-map', `0:${video.index}`, '-an', '-sn', '-dn'],
    ...['-vf', filters.join(','), ...(still ? ['-frames:v', '1'] : [])],
    ...['-vsync', 'passthrough', '-f', 'rawvideo', '-c:v', 'rawvideo'],
  ];
}

type Wanted = Raw & { readonly reuseBuffers: boolean; readonly sounds: readonly WantedSound[] };
type Start = (frames: FrameQueue, files: readonly ToolFile[]) => RunningTool;

class DecodedClip implements FrameStream {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly framesExpected: number | null;
  readonly outcome: Promise<ClipOutcome>;
  readonly sounds: Promise<readonly (Int16Array | null)[]>;
  readonly soundsBeside: boolean;
  readonly #inspection: ClipInspection;
  readonly #wanted: Wanted;
  readonly #signal: AbortSignal | undefined;
  #start: Start | null;
  #resolve!: (outcome: ClipOutcome) => void;
  #reject!: (reason: unknown) => void;
  #giveSounds!: (sounds: readonly (Int16Array | null)[]) => void;

  constructor(
    inspection: ClipInspection,
    video: VideoStream,
    wanted: Wanted,
    start: Start,
    signal: AbortSignal | undefined,
  ) {
    this.width = video.width;
    this.height = video.height;
    this.fps = video.fps;
    this.framesExpected = video.framesPromised ?? (inspection.complete ? video.frames : null);
    this.#inspection = inspection;
    this.#wanted = wanted;
    this.#start = start;
    this.#signal = signal;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.sounds = new Promise((resolve) => (this.#giveSounds = resolve));
    this.soundsBeside = goBeside(inspection, wanted.sounds);
    // Not everybody waits for the outcome of what they have aborted.
    this.outcome.catch(() => undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, undefined> {
    if (this.#start === null) throw new PrimatrixError('VIDEO_STOPPED', 'video: frames can be iterated once only');
    const start = this.#start;
    this.#start = null;
    await using files = this.soundsBeside ? await SoundFiles.of(this.#wanted.sounds) : null;
    const apart = this.#wanted.sounds.map(() => null);
    if (files === null) this.#giveSounds(apart);
    const queue = new FrameQueue(this.#wanted.bytes, this.#wanted.reuseBuffers);
    let decoder: RunningTool;
    try {
      decoder = start(queue, files?.files ?? []);
    } catch (error) {
      this.#reject(error);
      this.#giveSounds(apart);
      throw error;
    }
    const { width, height } = this;
    let index = 0;
    let atEnd = false;
    try {
      for (let bytes = await queue.next(); bytes !== null; bytes = await queue.next()) {
        this.#signal?.throwIfAborted();
        decoder.pause();
        yield makeFrame(bytes, { index, width, height }, this.#wanted.layout);
        decoder.resume();
        index++;
      }
      this.#signal?.throwIfAborted();
      atEnd = true;
      const outcome = decodeOutcome(this.#inspection, await decoder.exit, index);
      if (files !== null && outcome.status === 'ok') this.#giveSounds(await files.read());
      this.#resolve(outcome);
    } catch (error) {
      this.#reject(error);
      throw error;
    } finally {
      if (!atEnd) {
        decoder.kill();
        queue.destroy();
        await decoder.exit.catch(() => undefined);
        this.#reject(new PrimatrixError('VIDEO_STOPPED', `video: decoding stopped after ${index} frames`));
      }
      this.#giveSounds(apart);
    }
  }
}
