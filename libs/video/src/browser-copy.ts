import { withAtomicFile } from '@primatrix/files';
import { ClipError } from './errors.ts';
import { fileUrl, startTool, type ToolExit } from './ffmpeg-process.ts';
import { clipInput, inspectClip, openable, processFault } from './inspect-clip.ts';
import { clipLimits } from './limits.ts';

/** Widest picture of a copy for watching, in pixels. */
const widest = 1280;

/**
 * Writes a copy of a clip that browsers play, atomically: H.264 with AAC in an MP4, at most 1280 pixels wide. What does
 * not decode is left out.
 * @throws ClipError as `inspectClip` does; no-video, or no-frames where nothing decodes
 */
export async function browserCopy(
  path: string,
  out: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { video, sounds: audioStreams } = await inspectClip(path, { signal });
  if (video === null) throw new ClipError('no-video', path, `video: '${path}' must hold pictures, got sound only`);
  const { promise } = await openable(path);
  const copy = async (temporary: string, sound: string | null): Promise<ToolExit> => {
    const running = startTool({
      tool: 'ffmpeg',
      inputs: [clipInput(path, promise.kind, clipLimits())],
      outputOptions: [
        ...['-map', `0:${video.index}`, ...(sound === null ? ['-an'] : ['-map', sound]), '-sn', '-dn'],
        ...[
          '-vf',
          `scale='trunc(min(${widest},iw)/2)*2':-2,format=yuv420p`,
          '-c:v',
          'libx264',
          '-preset',
          'veryfast',
          '-crf',
          '23',
          '-c:a',
          'aac',
          '-ac',
          '2',
        ],
        ...['-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4', '-y'],
      ],
      output: fileUrl(temporary),
      limits: clipLimits(),
      signal,
    });
    running.stdout.resume();
    const exit = await running.exit;
    signal?.throwIfAborted();
    return exit;
  };
  await withAtomicFile(out, async (temporary) => {
    const sounds = audioStreams.map(({ index }) => `0:${index}`);
    let exit = await copy(temporary, sounds[0] ?? null);
    // Sound that does not decode must not cost the pictures: other sound is tried, then none.
    for (const sound of sounds.length === 0 ? [] : [...sounds.slice(1), null]) {
      if (exit.code === 0 || processFault(exit) !== null) break;
      exit = await copy(temporary, sound);
    }
    const fault = processFault(exit) ?? (exit.code === 0 ? null : 'no-frames');
    if (fault !== null) {
      throw new ClipError(fault, path, `video: copy of '${path}' to '${out}': ${exit.errors[0] ?? exit.killedBy}`);
    }
  });
}
