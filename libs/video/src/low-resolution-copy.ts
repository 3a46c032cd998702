import { withAtomicFile } from '@primatrix/files';
import { ClipError } from './errors.ts';
import { fileUrl, standardOutput, startTool, readOutput } from './ffmpeg-process.ts';
import { clipInput, inspectClip, openable, processFault } from './inspect-clip.ts';
import { defaultClipLimits, type ClipLimits } from './limits.ts';

/** Size, rate and quality of a small copy. */
export type LowResolutionCopyOptions = {
  /** Width and height of the copy in pixels, even; the picture is stretched to it. */
  readonly size: number;
  /** Frames a second; default 4. */
  readonly fps?: number;
  /** H.264 constant rate factor; default 16. */
  readonly crf?: number;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ClipLimits;
};

/**
 * Writes a small, square, silent H.264 copy (MP4) of a clip, atomically. What does not decode is left out.
 * @throws ClipError as `inspectClip` does; no-frames where nothing decodes
 */
export async function lowResolutionCopy(path: string, out: string, options: LowResolutionCopyOptions): Promise<void> {
  const { size, fps = 4, crf = 16, signal, limits = defaultClipLimits } = options;
  const { promise, index } = await pictureStream(path, { signal, limits });
  await withAtomicFile(out, async (temporary) => {
    const running = startTool({
      tool: 'ffmpeg',
      inputs: [clipInput(path, promise.kind, limits)],
      outputOptions: [
        ...['-map', `0:${index}`, '-an', '-sn', '-dn', '-vf', `fps=${fps},scale=${size}:${size},format=yuv420p`],
        ...['-c:v', 'libx264', '-crf', String(crf), '-x264-params', 'threads=1', '-map_metadata', '-1'],
        ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-movflags', '+faststart', '-f', 'mp4', '-y'],
      ],
      output: fileUrl(temporary),
      limits,
      signal,
    });
    running.stdout.resume();
    const exit = await running.exit;
    signal?.throwIfAborted();
    const fault = processFault(exit) ?? (exit.code === 0 ? null : 'no-frames');
    if (fault !== null) {
      throw new ClipError(fault, path, `video: copy of '${path}' to '${out}': ${exit.errors[0] ?? exit.killedBy}`);
    }
  });
}

const microSize = 64;
const microFrames = 30;

/**
 * The micro clip of a clip: 30 frames evenly spread over it, squeezed to 64 x 64, rgb24: [30, 64, 64, 3]. A shorter
 * clip repeats frames.
 * @throws ClipError as `inspectClip` does; no-frames where nothing decodes
 */
export async function microClip(
  path: string,
  { signal, limits = defaultClipLimits }: { signal?: AbortSignal | undefined; limits?: ClipLimits } = {},
): Promise<Uint8Array> {
  const { promise, index } = await pictureStream(path, { signal, limits });
  const running = startTool({
    tool: 'ffmpeg',
    inputs: [clipInput(path, promise.kind, limits)],
    outputOptions: [
      ...['-map', `0:${index}`, '-an', '-sn', '-dn', '-vf', `scale=${microSize}:${microSize}:flags=area,format=rgb24`],
      ...['-vsync', 'passthrough', '-c:v', 'rawvideo', '-f', 'rawvideo'],
    ],
    output: standardOutput,
    limits,
    signal,
  });
  const frameBytes = microSize * microSize * 3;
  const all = await readOutput(running, 1 << 29);
  const exit = await running.exit;
  signal?.throwIfAborted();
  const decoded = Math.floor((all?.length ?? 0) / frameBytes);
  const fault = all === null ? 'too-large' : decoded === 0 ? (processFault(exit) ?? 'no-frames') : null;
  if (all === null || fault !== null) {
    throw new ClipError(fault ?? 'too-large', path, `video: micro clip of '${path}': ${fault}`);
  }
  const micro = new Uint8Array(microFrames * frameBytes);
  for (let frame = 0; frame < microFrames; frame++) {
    // The middle of each thirtieth part.
    const source = Math.floor(((frame + 0.5) * decoded) / microFrames);
    micro.set(all.subarray(source * frameBytes, (source + 1) * frameBytes), frame * frameBytes);
  }
  return micro;
}

async function pictureStream(path: string, options: { signal?: AbortSignal | undefined; limits: ClipLimits }) {
  const { video } = await inspectClip(path, options);
  if (video === null) throw new ClipError('no-video', path, `video: '${path}' must hold pictures, got sound only`);
  return { index: video.index, promise: (await openable(path)).promise };
}
