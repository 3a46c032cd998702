import { rm } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { UsageError } from '@primatrix/contracts';
import { withAtomicFile } from '@primatrix/files';
import { VideoToolError } from './errors.ts';
import { fileUrl, standardInput, startTool, type ToolInput } from './ffmpeg-process.ts';
import { clipLimits } from './limits.ts';
import { writeWav } from './wav.ts';

/** What a clip shows and sounds like, and how it is encoded. */
export type EncodeClipOptions = {
  /** File to write; its ending chooses the container: `.mp4` (H.264, AAC) or `.avi` (MPEG-4, PCM). */
  readonly out: string;
  /** Even, in pixels. */
  readonly width: number;
  /** Even, in pixels. */
  readonly height: number;
  readonly fps: number;
  /** Pictures as rgb24: width x height x 3 bytes each, rows from the top, R, G, B. */
  readonly frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Mono sound: Int16Array, or Float32Array in [-1, 1]; null or absent for none. */
  readonly audio?: { readonly samples: Int16Array | Float32Array; readonly sampleRate: number } | null;
  /** Constant rate factor, 0 (lossless) to 51; default 20. */
  readonly crf?: number;
  /** ISO 8601 time written as the container's creation time. */
  readonly creationTime?: string | null;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Encodes pictures, and sound if given, to a clip. The same input gives the same bytes with the same ffmpeg. The file
 * appears under its name only when it is whole.
 * @throws UsageError for an unknown ending or a wrong frame size
 */
export async function encodeClip(options: EncodeClipOptions): Promise<void> {
  const ending = extname(options.out).toLowerCase();
  checkOptions(options, ending);
  await withAtomicFile(options.out, async (temporary) => {
    // Beside the clip under its temporary name: removed with it, and never taken for a clip.
    const wav = options.audio ? `${temporary}.wav` : null;
    try {
      if (wav !== null && options.audio) await writeWav(wav, toInt16(options.audio.samples), options.audio.sampleRate);
      await encode(options, ending, temporary, wav);
    } finally {
      if (wav !== null) await rm(wav, { force: true });
    }
  });
}

function checkOptions({ out, width, height, fps }: EncodeClipOptions, ending: string): void {
  const wrong = (rule: string, got: string | number): never => {
    throw new UsageError('VIDEO_ENCODE', `video: encodeClip of '${out}': ${rule}, got ${got}`);
  };
  if (ending !== '.mp4' && ending !== '.avi') wrong('the file name must end in .mp4 or .avi', ending || 'no ending');
  // H.264 and MPEG-4 store colour at half size in both directions.
  if (!Number.isInteger(width) || width < 2 || width % 2 !== 0) wrong('width must be an even number of pixels', width);
  if (!Number.isInteger(height) || height < 2 || height % 2 !== 0) {
    wrong('height must be an even number of pixels', height);
  }
  if (!(fps > 0 && fps <= 1000)) wrong('fps must be in (0, 1000]', fps);
}

async function encode(
  options: EncodeClipOptions,
  ending: string,
  temporary: string,
  wav: string | null,
): Promise<void> {
  const { width, height, fps, signal, out } = options;
  const pictures = [
    '-f',
    'rawvideo',
    '-pixel_format',
    'rgb24',
    '-video_size',
    `${width}x${height}`,
    '-framerate',
    String(fps),
  ];
  const inputs: ToolInput[] = [{ url: standardInput, options: pictures }];
  if (wav !== null) inputs.push({ url: fileUrl(wav), options: ['-f', 'wav'] });
  const encoder = startTool({
    tool: 'ffmpeg',
    inputs,
    outputOptions: encoderOptions(options, ending, wav !== null),
    output: fileUrl(temporary),
    limits: clipLimits(),
    signal,
  });
  try {
    if (encoder.stdin) await writeFrames(encoder.stdin, encoder.exit, options);
  } catch (error) {
    encoder.kill();
    await encoder.exit;
    throw error;
  }
  const exit = await encoder.exit;
  signal?.throwIfAborted();
  if (exit.code !== 0) {
    throw new VideoToolError(
      `video: encoding '${out}' failed: ${exit.errors[0] ?? exit.killedBy ?? `exit code ${exit.code}`}`,
      {
        fields: { file: out, code: exit.code },
      },
    );
  }
}

function encoderOptions({ crf = 20, creationTime }: EncodeClipOptions, ending: string, sound: boolean): string[] {
  const mp4 = ending === '.mp4';
  // One thread: the bytes of x264's output depend on the number of threads.
  const picture = mp4
    ? [
        '-c:v',
        'libx264',
        '-preset',
        'medium',
        '-crf',
        String(crf),
        '-x264-params',
        'threads=1',
        '-movflags',
        '+faststart',
      ]
    : ['-c:v', 'mpeg4', '-q:v', String(Math.min(31, Math.max(1, Math.round(crf / 4)))), '-threads', '1'];
  // The other coder of newer ffmpegs starts half as loud again as the sound, and settles within 40 ms.
  const coder = mp4 ? ['aac', '-aac_coder', 'fast'] : ['pcm_s16le'];
  const audio = sound ? ['-map', '1:a:0', '-c:a', ...coder] : [];
  // Camera AVIs state their time as ICRD, which ffmpeg calls `date`.
  const time = creationTime ? ['-metadata', `${mp4 ? 'creation_time' : 'date'}=${creationTime}`] : [];
  return [
    ...['-map', '0:v:0', ...picture, '-pix_fmt', 'yuv420p', ...audio, ...time],
    // Without these the file would name the ffmpeg that wrote it.
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', '-f', mp4 ? 'mp4' : 'avi', '-y'],
  ];
}

async function writeFrames(
  stdin: Writable,
  exit: Promise<unknown>,
  { frames, width, height, out }: EncodeClipOptions,
): Promise<void> {
  const bytes = width * height * 3;
  const gone = exit.then(
    () => true,
    () => true,
  );
  let index = 0;
  for await (const frame of frames) {
    if (frame.length !== bytes) {
      throw new UsageError(
        'VIDEO_ENCODE',
        `video: encodeClip of '${out}': frame ${index} must have ${bytes} bytes, got ${frame.length}`,
      );
    }
    index++;
    // Waiting for each write lets the source reuse its buffer. A failed write shows in the process's exit, and a
    // process that has gone answers none.
    if (await Promise.race([gone, new Promise((written) => stdin.write(frame, written))])) return;
  }
  stdin.end();
}

function toInt16(samples: Int16Array | Float32Array): Int16Array {
  if (samples instanceof Int16Array) return samples;
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))));
}
