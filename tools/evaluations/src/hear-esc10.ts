import type { ClipFeatures } from '@primatrix/families';
import { modelFamily, type ModelFolder } from '@primatrix/models';
import { decodeAudio } from '@primatrix/video';
import type { Esc10Clip } from './esc10-clips.ts';

/** How a model that listens is followed and stopped. */
export interface HearOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, note: string) => void;
}

/**
 * What a model that listens makes of each clip.
 * @throws RangeError where the model is none that listens
 */
export async function hearEsc10(
  folder: ModelFolder,
  clips: readonly Esc10Clip[],
  { signal, onProgress }: HearOptions = {},
): Promise<ClipFeatures[]> {
  const family = modelFamily(folder);
  const extractor = await family.open(family.settings.laptop, { weightsDir: '', threads: 1, device: 'cpu' });
  try {
    const { sound } = extractor;
    if (sound === undefined) throw new RangeError(`esc10: ${family.name} must be a model that listens`);
    const heard: ClipFeatures[] = [];
    for (const { path, filename } of clips) {
      const samples = await decodeAudio(path, { sampleRate: sound.sampleRate, signal });
      const clip = extractor.start({ name: filename, frames: 0 });
      await clip.listen?.(samples ?? new Int16Array(1));
      heard.push(await clip.finish());
      onProgress?.(heard.length / clips.length, filename);
    }
    return heard;
  } finally {
    await extractor.dispose();
  }
}
