import { VideoToolError } from './errors.ts';
import { standardInput, standardOutput, startTool, type ReadableTool } from './ffmpeg-process.ts';
import { clipLimits } from './limits.ts';
import { readOutput } from './read-output.ts';

/** A picture as rgb24: [height, width, 3], rows from the top. */
interface EncodedPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Encodes a picture as JPEG. The same picture and ffmpeg give the same bytes.
 * @param quality of ffmpeg's JPEG, 2 (best) to 31
 * @throws VideoToolError where this ffmpeg cannot
 */
export async function encodeJpeg(
  { width, height, data }: EncodedPicture,
  { quality, signal }: { readonly quality: number; readonly signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const encoder = startTool({
    tool: 'ffmpeg',
    inputs: [
      {
        url: standardInput,
        options: ['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${width}x${height}`],
      },
    ],
    // bitexact: no name of the ffmpeg in the picture.
    outputOptions: [
      ...['-frames:v', '1', '-pix_fmt', 'yuvj420p', '-q:v', String(quality)],
      ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-c:v', 'mjpeg', '-f', 'image2pipe'],
    ],
    output: standardOutput,
    limits: clipLimits(),
    signal,
  });
  encoder.stdin?.end(data);
  const jpeg = await outputOf(encoder, data.length + 4096, signal);
  if (jpeg.length === 0) throw new VideoToolError('video: this ffmpeg cannot encode JPEG');
  return new Uint8Array(jpeg);
}

/** What a tool writes, once it has ended; empty where that is nothing, or more than `most` bytes. */
export async function outputOf(running: ReadableTool, most: number, signal: AbortSignal | undefined): Promise<Buffer> {
  const output = await readOutput(running, most);
  await running.exit;
  signal?.throwIfAborted();
  return output ?? Buffer.alloc(0);
}
