import { stat } from 'node:fs/promises';
import type { ClipMetadata, ClipOutcome } from '@primatrix/contracts';
import type { ClipFeatures, FeatureExtractor } from '@primatrix/families';
import { ClipError, describeClip, inspectClip } from '@primatrix/video';
import type { InputFile } from '../inputs/list-inputs.ts';
import { together } from '../work/together.ts';
import { BackdropExtractor } from './backdrop.ts';
import { extractClip, inspectedClip, nothingToGoBy } from './extract-clip.ts';
import { SoundsBeside } from './sounds-beside.ts';
import type { StageTimes } from './stage-watch.ts';

/** What a file came to: described and looked at, or how it failed. */
export interface ExtractedFile {
  /** Failed, too, where no extractor could make anything of the clip. */
  readonly outcome: ClipOutcome;
  /** Null where the file cannot be read as a clip. */
  readonly metadata: ClipMetadata | null;
  /** By the names of the extractors; empty where the clip failed. */
  readonly features: ReadonlyMap<string, ClipFeatures>;
  readonly modifiedAt: Date | null;
  /** See {@link BackdropExtractor}; absent where nobody wanted pictures, or none could be decoded. */
  readonly backdrop?: Uint8Array | undefined;
}

/** No family is called so. */
const backdropName = '';

/**
 * Reads a file's container, describes it and lets extractors look at it and listen, all at once as far as that goes. A file that cannot be
 * read is no error, but a clip that failed.
 * @param options.times where given, is told what each extractor takes
 * @param options.soundBytes whether the size of the sound's stream is wanted
 */
export async function extractFile(
  { filename, path }: InputFile,
  extractors: ReadonlyMap<string, FeatureExtractor>,
  signal: AbortSignal,
  {
    times,
    soundBytes = false,
  }: { readonly times?: StageTimes | undefined; readonly soundBytes?: boolean | undefined } = {},
): Promise<ExtractedFile> {
  const modifiedAt = (await stat(path).catch(() => null))?.mtime ?? null;
  try {
    const inspection = await inspectClip(path, { signal });
    const clip = inspectedClip(filename, inspection);
    const backdrop = new BackdropExtractor();
    const looks = [...extractors.values()].some(({ pixels }) => pixels !== 'none');
    const all = looks ? new Map<string, FeatureExtractor>([...extractors, [backdropName, backdrop]]) : extractors;
    const beside = new SoundsBeside();
    const [sound] = inspection.sounds;
    const samples = sound === undefined ? null : beside.want({ stream: sound.index, sampleRate: sound.sampleRate });
    // Its digest and its sound's extremes are found while it is looked at.
    const [metadata, { outcome, features: made }] = await together(
      signal,
      (stop) => describeClip(inspection, { signal: stop, soundBytes, samples }),
      (stop) => extractClip(clip, all, stop, times, beside),
    );
    const features = new Map([...made].filter(([name]) => name !== backdropName));
    const nothing = outcome.status !== 'failed' && features.size === 0;
    return {
      ...{ modifiedAt, metadata, features, outcome: nothing ? nothingToGoBy(clip, outcome) : outcome },
      backdrop: backdrop.backdrop(),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClipError) return { modifiedAt, metadata: null, features: new Map(), outcome: error.outcome };
    throw error;
  }
}
