import { setTimeout as sleep } from 'node:timers/promises';
import type { FeatureExtractor } from '@primatrix/families';
import { extractClip, type ExtractableClip, type ExtractedClip } from '@primatrix/prediction';

/** What came of a decoding that several families shared. */
export interface SharedResult extends ExtractedClip {
  /** Whether any of them looked at the pictures, and listened to the sound: the outcome speaks of both. */
  readonly looked: boolean;
  readonly listened: boolean;
}

/** One decoding that families may still join, or that is under way. */
interface Decoding {
  readonly extractors: Map<string, FeatureExtractor>;
  readonly signals: AbortSignal[];
  readonly full: () => void;
  readonly result: Promise<SharedResult>;
}

/** How long a clip waits for the other families of this process, milliseconds. */
const gatherMs = 100;

/**
 * Decodes a clip once for all feature families that this process serves. Their requests for one clip come at about the
 * same time, each from its own queue: the first waits a moment for the others. Those that come later decode for
 * themselves, so nothing but time depends on who meets whom.
 */
export class SharedExtraction {
  private readonly gathering = new Map<string, Decoding>();
  private readonly families: number;

  /** @param families how many this process serves */
  constructor(families: number) {
    this.families = families;
  }

  /** @param clipId content hash of the clip */
  extract(
    clipId: string,
    clip: ExtractableClip,
    name: string,
    extractor: FeatureExtractor,
    signal: AbortSignal,
  ): Promise<SharedResult> {
    let decoding = this.gathering.get(clipId);
    // The same family again: its request was given to it twice.
    if (decoding === undefined || decoding.extractors.has(name)) decoding = this.begin(clipId, clip);
    decoding.extractors.set(name, extractor);
    decoding.signals.push(signal);
    if (decoding.extractors.size === this.families) decoding.full();
    return decoding.result;
  }

  private begin(clipId: string, clip: ExtractableClip): Decoding {
    const extractors = new Map<string, FeatureExtractor>();
    const signals: AbortSignal[] = [];
    let full = () => {};
    const allHere = new Promise<void>((resolve) => (full = resolve));
    const run = async (): Promise<SharedResult> => {
      await Promise.race([allHere, sleep(gatherMs)]);
      if (this.gathering.get(clipId) === decoding) this.gathering.delete(clipId);
      const extracted = await extractClip(clip, extractors, whenAllAborted(signals));
      const used = [...extractors.values()];
      return {
        ...extracted,
        looked: used.some(({ pixels }) => pixels !== 'none'),
        listened: used.some(({ sound }) => sound !== undefined),
      };
    };
    const decoding: Decoding = { extractors, signals, full, result: Promise.resolve().then(run) };
    this.gathering.set(clipId, decoding);
    return decoding;
  }
}

/** The decoding goes on while anybody wants it. */
function whenAllAborted(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  for (const signal of signals) {
    const check = () => {
      if (signals.every(({ aborted }) => aborted)) all.abort(signal.reason);
    };
    signal.addEventListener('abort', check, { once: true });
    check();
  }
  return all.signal;
}
