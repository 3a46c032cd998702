import type { ClipMetadata, ClipOutcome } from '@primatrix/contracts';
import type { ClipExtraction, ClipFeatures, FeatureExtractor } from '@primatrix/families';
import { ClipError, decodeAudio, openFrames, type ClipInspection, type FrameStream } from '@primatrix/video';
import { together } from '../work/together.ts';
import { SoundsBeside } from './sounds-beside.ts';
import type { StageTimes } from './stage-watch.ts';

/** A clip that is to be looked at, or listened to. */
export interface ExtractableClip {
  readonly name: string;
  readonly path: string;
  /** As probed; null if unknown. */
  readonly frames: number | null;
  /** Frames a second, as probed; null if unknown. */
  readonly fps?: number | null;
  /** Whether it has pictures, and sound, as probed. */
  readonly pictures: boolean;
  readonly sound: boolean;
  /** What its container says, where it was read just now: spares reading it again. */
  readonly inspection?: ClipInspection;
}

/** Features by the name under which their extractor was given; empty when the clip failed. */
export interface ExtractedClip {
  readonly outcome: ClipOutcome;
  /** Families for which the clip lacks the pictures or the sound are left out: that is no fault of the clip. */
  readonly features: ReadonlyMap<string, ClipFeatures>;
}

/** What extraction needs to know of a probed clip. */
export function extractableClip(name: string, path: string, metadata: ClipMetadata): ExtractableClip {
  return {
    name,
    path,
    frames: metadata.videoCodec === null ? 0 : metadata.frames,
    fps: metadata.fps,
    pictures: metadata.videoCodec !== null,
    // Sound of which nothing decodes is tried again: what is wrong with it is then said of the clip.
    sound: metadata.audio !== null,
  };
}

/** The same of a clip whose container alone was read so far. */
export function inspectedClip(name: string, inspection: ClipInspection): ExtractableClip {
  const { path, video, audio } = inspection;
  return {
    name,
    path,
    frames: video?.frames ?? 0,
    fps: inspection.still ? null : (video?.fps ?? null),
    pictures: video !== null,
    sound: audio !== null,
    inspection,
  };
}

/**
 * Decodes a clip once and lets every extractor hear the sound and see the frames that it wants; pictures and sound that
 * nobody wants are not decoded. A clip that breaks off half-way gives features of the frames there were, and an outcome
 * that says so.
 * @param times where given, is told what each extractor takes
 * @param beside sounds that others want of the clip; they have come, or will not, when this settles
 */
export async function extractClip(
  clip: ExtractableClip,
  extractors: ReadonlyMap<string, FeatureExtractor>,
  signal: AbortSignal,
  times?: StageTimes,
  beside = new SoundsBeside(),
): Promise<ExtractedClip> {
  try {
    return await lookAndListen(clip, extractors, signal, { times, beside });
  } finally {
    beside.end();
  }
}

async function lookAndListen(
  clip: ExtractableClip,
  extractors: ReadonlyMap<string, FeatureExtractor>,
  signal: AbortSignal,
  { times, beside }: { readonly times: StageTimes | undefined; readonly beside: SoundsBeside },
): Promise<ExtractedClip> {
  const able = [...extractors].filter(
    ([, { pixels, sound }]) =>
      (pixels === 'none' || clip.pictures) && (sound === undefined || clip.sound || sound.orSilence === true),
  );
  const running = new Map<string, ClipExtraction>();
  const looking: ClipExtraction[] = [];
  const begin = (name: string, extractor: FeatureExtractor): ClipExtraction => {
    const extraction = timed(
      name,
      extractor.start({ name: clip.name, frames: clip.frames, fps: clip.fps ?? null }),
      times,
    );
    if (extractor.pixels !== 'none') looking.push(extraction);
    running.set(name, extraction);
    return extraction;
  };
  const listeners = able.filter(([, { sound }]) => sound !== undefined);
  for (const [name, extractor] of able) if (extractor.sound === undefined) begin(name, extractor);
  const listenFirst = listeners.some(([, { pixels }]) => pixels !== 'none');
  const listen = async (stop: AbortSignal): Promise<ClipError | undefined> => {
    const rates = new Set(clip.sound ? listeners.flatMap(([, { sound }]) => sound?.sampleRate ?? []) : []);
    const heard = await hear(clip, rates, stop, listenFirst ? null : beside);
    for (const [name, extractor] of listeners) {
      const samples = extractor.sound === undefined ? undefined : soundFor(extractor.sound, heard);
      if (samples !== undefined) await begin(name, extractor).listen?.(samples);
    }
    return heard.fault;
  };
  const layout = able.some(([, extractor]) => extractor.pixels === 'color') ? 'yuv' : 'luma';
  const look = async (stop: AbortSignal): Promise<ClipOutcome> => {
    if (listenFirst || looking.length === 0) beside.end();
    if (looking.length === 0) return nothingSeen;
    const seen = await see(clip, looking, { layout, sounds: listenFirst ? null : beside, signal: stop });
    if (!seen.again) return seen.outcome;
    beside.end();
    // As if nothing had been seen yet.
    looking.length = 0;
    for (const [name, extractor] of able) if (extractor.pixels !== 'none') begin(name, extractor);
    return (await see(clip, looking, { layout, sounds: null, signal: stop })).outcome;
  };
  // Whoever looks and listens is told the sound first; else one process decodes both.
  const [fault, seen] = listenFirst ? [await listen(signal), await look(signal)] : await together(signal, listen, look);
  const outcome = withSoundFault(clip, seen, fault);
  const features = new Map<string, ClipFeatures>();
  if (outcome.status !== 'failed') {
    // In the order in which they were given, whoever was done first.
    for (const [name] of able) {
      const extraction = running.get(name);
      if (extraction !== undefined) features.set(name, await extraction.finish());
    }
  }
  return { outcome, features };
}

/**
 * The outcome of a clip of which no extractor could make anything: because it lacks the pictures or the sound they
 * need, or because they could not be decoded.
 * @param outcome of the extraction
 */
export function nothingToGoBy({ pictures }: ExtractableClip, outcome?: ClipOutcome): ClipOutcome {
  // "Cannot be read" is not "is not there".
  if (outcome !== undefined && outcome.fault !== null) return { ...outcome, status: 'failed' };
  const [fault, reason] = pictures
    ? (['no-sound', 'sound is needed, and the clip has none'] as const)
    : (['no-video', 'pictures are needed, and the file has none'] as const);
  return { status: 'failed', fault, reason, framesDecoded: 0, framesExpected: null };
}

/** The same extraction on the clock. */
function timed(name: string, extraction: ClipExtraction, times: StageTimes | undefined): ClipExtraction {
  if (times === undefined) return extraction;
  return {
    wants: (index) => extraction.wants(index),
    push: (frame) => times.spend(name, () => extraction.push(frame)),
    listen: (samples) => times.spend(name, () => extraction.listen?.(samples)),
    async finish() {
      let features: ClipFeatures | undefined;
      await times.spend(name, async () => {
        features = await extraction.finish();
      });
      return features as ClipFeatures;
    },
  };
}

const nothingSeen: ClipOutcome = { status: 'ok', fault: null, reason: '', framesDecoded: 0, framesExpected: null };

/** Sound that is there and cannot be decoded is no silence. */
function soundFor(
  { sampleRate, orSilence = false }: NonNullable<FeatureExtractor['sound']>,
  { sounds, fault }: Awaited<ReturnType<typeof hear>>,
): Int16Array | undefined {
  return sounds.get(sampleRate) ?? (orSilence && fault === undefined ? new Int16Array(1) : undefined);
}

/** Sound by sample rate; where it has none after all, or none that can be decoded, the map is empty. */
async function hear(
  clip: ExtractableClip,
  rates: ReadonlySet<number>,
  signal: AbortSignal,
  beside: SoundsBeside | null,
): Promise<{ sounds: Map<number, Int16Array>; fault: ClipError | undefined }> {
  const sounds = new Map<number, Int16Array>();
  // All are wanted before the first is waited for: none comes before pictures are decoded.
  const wanted = [...rates].map((sampleRate) => ({
    sampleRate,
    decoded: beside?.want({ stream: 'first', sampleRate }),
  }));
  try {
    for (const { sampleRate, decoded } of wanted) {
      const samples = (await decoded) ?? (await decodeAudio(clip.path, { sampleRate, signal }));
      if (samples !== null && samples.length > 0) sounds.set(sampleRate, samples);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ClipError)) throw error;
    return { sounds: new Map(), fault: error };
  }
  return { sounds, fault: undefined };
}

async function see(
  { path, inspection }: ExtractableClip,
  looking: readonly ClipExtraction[],
  {
    layout,
    sounds,
    signal,
  }: { readonly layout: 'yuv' | 'luma'; readonly sounds: SoundsBeside | null; readonly signal: AbortSignal },
): Promise<{ readonly outcome: ClipOutcome; readonly again: boolean }> {
  let stream: FrameStream;
  try {
    // Extractors are done with a frame when it is pushed: a large one costs more to allocate than to copy.
    stream = await openFrames(path, {
      signal,
      layout,
      reuseBuffers: true,
      sounds: sounds?.wanted ?? [],
      ...(inspection === undefined ? {} : { inspection }),
    });
  } catch (error) {
    sounds?.end();
    signal.throwIfAborted();
    if (error instanceof ClipError) return { outcome: error.outcome, again: false };
    throw error;
  }
  sounds?.decodedWith(stream);
  for await (const frame of stream) {
    for (const extraction of looking) {
      if (extraction.wants(frame.index)) await extraction.push(frame);
    }
  }
  const outcome = await stream.outcome;
  // What took too long with sound would take as long without.
  return { outcome, again: stream.soundsBeside && outcome.status !== 'ok' && outcome.fault !== 'timed-out' };
}

/** Sound that cannot be decoded fails a sound file; of a clip with pictures it leaves the pictures. */
function withSoundFault(clip: ExtractableClip, seen: ClipOutcome, fault: ClipError | undefined): ClipOutcome {
  if (fault === undefined || seen.status === 'failed') return seen;
  const status = clip.pictures ? 'degraded' : 'failed';
  const reason = [seen.reason, fault.message].filter((part) => part !== '').join('; ');
  return { ...seen, status, fault: seen.fault ?? fault.fault, reason };
}
