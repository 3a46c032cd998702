import type { ClipOutcome } from '@primatrix/contracts';
import type { ClipFeatures, FeatureExtractor } from '@primatrix/families';
import { ClipError, openFrames, type FrameStream } from '@primatrix/video';

/** A clip that is to be looked at. */
export interface ExtractableClip {
  readonly name: string;
  readonly path: string;
  /** As probed; null if unknown. */
  readonly frames: number | null;
}

/** Features by the name under which their extractor was given; empty when the clip failed. */
export interface ExtractedClip {
  readonly outcome: ClipOutcome;
  readonly features: ReadonlyMap<string, ClipFeatures>;
}

/**
 * Decodes a clip once and lets every extractor see the frames that it wants.
 * A clip that breaks off half-way gives features of the frames there were, and an outcome that says so.
 */
export async function extractClip(
  clip: ExtractableClip,
  extractors: ReadonlyMap<string, FeatureExtractor>,
  signal: AbortSignal,
): Promise<ExtractedClip> {
  const running = [...extractors].map(([name, extractor]) => ({ name, extraction: extractor.start({ name: clip.name, frames: clip.frames }) }));
  const layout = [...extractors.values()].some((extractor) => extractor.pixels === 'color') ? 'yuv' : 'luma';
  let stream: FrameStream;
  try {
    stream = await openFrames(clip.path, { signal, layout });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClipError) return { outcome: error.outcome, features: new Map() };
    throw error;
  }
  for await (const frame of stream) {
    for (const { extraction } of running) {
      if (extraction.wants(frame.index)) await extraction.push(frame);
    }
  }
  const outcome = await stream.outcome;
  const features = new Map<string, ClipFeatures>();
  if (outcome.status !== 'failed') {
    for (const { name, extraction } of running) features.set(name, await extraction.finish());
  }
  return { outcome, features };
}
