import { readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError, type FileRef } from '@primatrix/contracts';
import { sha256File } from '@primatrix/files';
import { probeClip } from '@primatrix/video';

/** A clip that is measured with. */
export interface MeasuredClip {
  readonly filename: string;
  readonly ref: FileRef;
}

/**
 * Clips of a folder that can be read, at most `limit`, spread evenly over their names, which often tell the site.
 * @throws UsageError MEASURE_CLIPS
 */
export async function measuredClips(
  folder: string,
  limit: number | undefined,
  report: (line: string) => void,
): Promise<MeasuredClip[]> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new UsageError('MEASURE_CLIPS', `scaling: ${folder} is no folder that can be read`, { cause });
  });
  const names = entries.filter((name) => /\.(mp4|avi|asf|mov|mkv|webm)$/i.test(name)).sort();
  const count = Math.min(limit ?? names.length, names.length);
  const clips: MeasuredClip[] = [];
  for (let i = 0; i < count; i++) {
    const filename = names[Math.floor((i * names.length) / count)] ?? '';
    const path = resolve(folder, filename);
    // A clip that cannot be read costs next to nothing, and says nothing of the others.
    if (
      await probeClip(path).then(
        () => true,
        () => false,
      )
    ) {
      clips.push({
        filename,
        ref: { uri: pathToFileURL(path).href, sha256: await sha256File(path), bytes: (await stat(path)).size },
      });
    } else report(`${filename} cannot be read: left out`);
  }
  if (clips.length === 0) {
    throw new UsageError('MEASURE_CLIPS', `scaling: ${folder} must hold clips, got none that can be read`);
  }
  return clips;
}
