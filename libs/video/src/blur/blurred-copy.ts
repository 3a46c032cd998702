import { UsageError } from '@primatrix/contracts';
import { writeFileAtomic } from '@primatrix/files';
import { encodeClip } from '../encode-clip.ts';
import { encodeJpeg } from '../encode-picture.ts';
import { inspectClip } from '../inspect-clip.ts';
import { openFrames } from '../open-frames.ts';
import { blurAreas, type BlurredPicture } from './blur-picture.ts';
import { wholePicture, type PeopleAreas } from './people-areas.ts';

/** What a copy came to. */
interface BlurredCopy {
  readonly frames: number;
  /** Those of them on which something was blurred, and those blurred as a whole. */
  readonly blurred: number;
  readonly whole: number;
}

/** Of ffmpeg's JPEG: hardly to be told from the picture. */
const stillQuality = 3;

/** The ending of a copy: a still becomes a JPEG, a clip an MP4. */
export function copyEnding(still: boolean): '.jpg' | '.mp4' {
  return still ? '.jpg' : '.mp4';
}

/**
 * Writes a copy of a clip on which people are blurred, atomically: H.264 in an MP4, or a JPEG of a still. It has no sound, as voices tell
 * who speaks, and none of the tags of its original. Sides of odd length lose a pixel.
 * @param out must end as {@link copyEnding} says
 * @param people see `peopleAreas`
 * @throws ClipError as `openFrames` does; UsageError VIDEO_ENCODE for another ending
 */
export async function blurredCopy(
  path: string,
  out: string,
  people: PeopleAreas,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<BlurredCopy> {
  const inspection = await inspectClip(path, { signal });
  const ending = copyEnding(inspection.still);
  if (!out.toLowerCase().endsWith(ending)) {
    throw new UsageError(
      'VIDEO_ENCODE',
      `video: blurredCopy of '${path}': the copy must end in ${ending}, got '${out}'`,
    );
  }
  const stream = await openFrames(path, { inspection, signal });
  const counts = { frames: 0, blurred: 0, whole: 0 };
  async function* pictures(): AsyncGenerator<BlurredPicture> {
    for await (const frame of stream) {
      // A copy: a frame's bytes are its own.
      const picture = { width: frame.width, height: frame.height, data: frame.rgb().slice() };
      const areas = people(frame.index);
      blurAreas(picture, areas);
      counts.frames += 1;
      counts.blurred += Number(areas.length > 0);
      counts.whole += Number(areas.includes(wholePicture));
      yield picture;
    }
  }
  if (inspection.still) {
    for await (const picture of pictures()) {
      await writeFileAtomic(out, await encodeJpeg(picture, { quality: stillQuality, signal }));
    }
    return counts;
  }
  const [width, height] = [even(stream.width), even(stream.height)];
  async function* frames(): AsyncGenerator<Uint8Array> {
    for await (const picture of pictures()) yield cut(picture, width, height);
  }
  await encodeClip({ out, width, height, fps: stream.fps, frames: frames(), signal });
  return counts;
}

/** H.264 has colours at half size. */
function even(length: number): number {
  return Math.max(2, length - (length % 2));
}

function cut({ width, data }: BlurredPicture, newWidth: number, newHeight: number): Uint8Array {
  if (newWidth === width && data.length === newWidth * newHeight * 3) return data;
  const result = new Uint8Array(newWidth * newHeight * 3);
  for (let y = 0; y < newHeight; y++) {
    result.set(data.subarray(y * width * 3, (y * width + newWidth) * 3), y * newWidth * 3);
  }
  return result;
}
