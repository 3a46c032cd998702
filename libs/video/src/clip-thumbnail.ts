import { blurAreas } from './blur/blur-picture.ts';
import { wholePicture, type PeopleAreas } from './blur/people-areas.ts';
import { encodeJpeg, outputOf } from './encode-picture.ts';
import { ClipError } from './errors.ts';
import { standardOutput, startTool } from './ffmpeg-process.ts';
import { clipInput, inspectClip, openable } from './inspect-clip.ts';
import { clipLimits } from './limits.ts';

/** Pictures a clip is looked at in: enough to meet an animal that crosses it. */
const mostFrames = 24;
/** Quality of ffmpeg's JPEG, 2 (best) to 31: about 6 kB for 240 x 135 pixels. */
const quality = 7;

/** How a thumbnail is made. */
export type ClipThumbnailOptions = {
  /** In pixels, even; the height follows, up to the width. Default 240. */
  readonly width?: number;
  /** Blurs the people on it; default: it stays as it is. */
  readonly people?: PeopleAreas | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * A small JPEG of the frame that differs most from the mean of the clip's frames: where something is there that is not
 * always there. Of at most 24 frames, evenly spread. The same clip and ffmpeg give the same bytes.
 * @throws ClipError as `inspectClip` does, and `no-video` where there are no pictures, or none that can be decoded
 */
export async function clipThumbnail(
  path: string,
  { width = 240, people, signal }: ClipThumbnailOptions = {},
): Promise<Uint8Array> {
  const inspection = await inspectClip(path, { signal });
  const { video } = inspection;
  if (video === null) throw new ClipError('no-video', path, `video: '${path}' must hold pictures, got sound only`);
  const height = Math.max(2, 2 * Math.round(Math.min(width, (width * video.height) / video.width) / 2));
  const { promise } = await openable(path);
  const every = Math.max(1, Math.ceil((video.framesPromised ?? video.frames) / mostFrames));
  const decoder = startTool({
    tool: 'ffmpeg',
    inputs: [clipInput(path, promise.kind, clipLimits())],
    outputOptions: [
      '-map',
      `0:${video.index}`,
      '-an',
      '-vf',
      `select=not(mod(n\\,${every})),scale=${width}:${height}`,
      '-vsync',
      'passthrough',
      '-frames:v',
      `${mostFrames}`,
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
    ],
    output: standardOutput,
    limits: clipLimits(),
    signal,
  });
  const bytes = width * height * 3;
  const pictures = await outputOf(decoder, bytes * mostFrames, signal);
  const count = Math.floor(pictures.length / bytes);
  if (count === 0) {
    throw new ClipError('no-video', path, `video: '${path}' must hold pictures, got none that can be decoded`);
  }
  const frames = Array.from({ length: count }, (_, i) => pictures.subarray(i * bytes, (i + 1) * bytes));
  const chosen = mostUnlikeTheRest(frames);
  const picture = { width, height, data: frames[chosen] as Buffer };
  const areas = people?.(chosen * every) ?? [];
  // Not every ffmpeg turns stills upright, as boxes have them.
  if (areas.length > 0) blurAreas(picture, video.orientation === 1 ? areas : [wholePicture]);
  return encodeJpeg(picture, { quality, signal });
}

/** Position of the frame with the largest sum of absolute differences from the mean frame; the first of equals. */
function mostUnlikeTheRest(frames: readonly Uint8Array[]): number {
  const mean = new Float32Array(frames[0]?.length ?? 0);
  for (const frame of frames) {
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (frame[i] as number) / frames.length;
  }
  const differences = frames.map((frame) =>
    mean.reduce((sum, value, i) => sum + Math.abs(value - (frame[i] as number)), 0),
  );
  return differences.indexOf(Math.max(...differences));
}
