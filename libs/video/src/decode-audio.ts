import type { ClipMetadata } from '@primatrix/contracts';
import type { ContainerPromise } from './container-promise.ts';
import { ClipError } from './errors.ts';
import { standardOutput, startTool } from './ffmpeg-process.ts';
import { clipInput, openable, processFault, type ClipInspection } from './inspect-clip.ts';
import { clipLimits, type ClipLimits } from './limits.ts';
import { readOutput } from './read-output.ts';

/** At which rate sound is wanted, and within which limits it is decoded. */
export type DecodeAudioOptions = {
  /** Samples a second of the result; absent: the sound's own rate. */
  readonly sampleRate?: number;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ClipLimits;
};

/** Samples of 16 bits that one sound may come to: an hour of 96 kHz, four of 24 kHz. */
const mostSamples = 345_600_000;
/** More sound streams no recorder writes. */
const mostStreams = 16;

/**
 * Decodes a file's sound, all channels mixed to one: [n] samples, -32,768..32,767, or null where there is none. The
 * first stream that decodes is taken. Takes sound files and clips. Damaged sound gives what decodes.
 * @throws ClipError as `inspectClip` does; damaged where there is sound, and none of it decodes
 */
export async function decodeAudio(path: string, options: DecodeAudioOptions = {}): Promise<Int16Array | null> {
  const { promise } = await openable(path);
  let failure: ClipError | undefined;
  let silent: Int16Array | null = null;
  for (let place = 0; place < mostStreams; place++) {
    try {
      const samples = await decodeStream(path, `0:a:${place}`, promise, options);
      if (samples === null) break;
      if (samples.length > 0) return samples;
      silent ??= samples;
    } catch (error) {
      // Another stream may well decode; a file that is too much, or no media, is so for all of them.
      if (!(error instanceof ClipError) || error.fault !== 'damaged') throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return silent;
}

/** Null where there is no such stream. */
async function decodeStream(
  path: string,
  stream: string,
  promise: ContainerPromise,
  { sampleRate, signal, limits = clipLimits() }: DecodeAudioOptions,
): Promise<Int16Array | null> {
  const running = startTool({
    tool: 'ffmpeg',
    inputs: [clipInput(path, promise.kind, limits)],
    outputOptions: soundOptions(stream, sampleRate),
    output: standardOutput,
    limits,
    signal,
  });
  const output = await readOutput(running, mostSamples * 2);
  const exit = await running.exit;
  signal?.throwIfAborted();
  if (output === null) {
    throw new ClipError('too-large', path, `video: '${path}' has more sound than a clip may have`, {
      hint: 'cut it into recordings of an hour',
    });
  }
  if (exit.code !== 0 && exit.errors.some((line) => line.includes('matches no streams'))) return null;
  const fault = processFault(exit);
  if (fault !== null || (exit.code !== 0 && output.length === 0)) {
    const detail = exit.errors.at(-1) ?? exit.killedBy ?? `exit code ${exit.code}`;
    throw new ClipError(
      fault ?? (promise.kind === 'other' && exit.errors.some(saysNoMedia) ? 'not-media' : 'damaged'),
      path,
      `video: sound of '${path}': ${detail}`,
    );
  }
  return soundSamples(output);
}

/** Options of an output: one stream's sound as mono samples of 16 bits, at its own rate unless another is given. */
export function soundOptions(stream: string, sampleRate?: number): string[] {
  return [
    ...['-map', stream, '-vn', '-sn', '-dn', '-ac', '1'],
    ...(sampleRate === undefined ? [] : ['-ar', String(sampleRate)]),
    ...['-c:a', 'pcm_s16le', '-f', 's16le'],
  ];
}

/** What ffmpeg writes with {@link soundOptions}: [n] samples. */
export function soundSamples(bytes: Buffer): Int16Array {
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
}

function saysNoMedia(line: string): boolean {
  return /invalid data found|not on whitelist|could not find codec|not whitelisted/i.test(line);
}

/**
 * Sound of an inspected clip as `ClipMetadata` describes it: extremes and mean of its samples in [-1, 1). Of the first
 * stream that decodes.
 * @param options.soundBytes whether the stream's size in the file is wanted, too
 * @param options.samples of the stream that is tried first, at its own rate, where they are decoded elsewhere; null: they
 *   are decoded here
 */
export async function audioMetadata(
  { path, sounds }: ClipInspection,
  {
    soundBytes = false,
    samples: decoded = null,
    ...options
  }: Omit<DecodeAudioOptions, 'sampleRate'> & {
    readonly soundBytes?: boolean;
    readonly samples?: Promise<Int16Array | null> | null;
  },
): Promise<ClipMetadata['audio']> {
  const { promise } = await openable(path);
  let failure: ClipError | undefined;
  let silent: Awaited<ReturnType<typeof audioMetadata>> = null;
  const given = sounds.length === 0 ? null : await decoded;
  for (const [place, { index, bytes, ...stream }] of sounds.entries()) {
    const sound = soundBytes ? { ...stream, bytes } : stream;
    try {
      const samples =
        (place === 0 ? given : null) ??
        (await decodeStream(path, `0:${index}`, promise, { ...options, sampleRate: sound.sampleRate }));
      if (samples !== null && samples.length > 0) return { ...sound, ...extent(samples) };
      silent ??= { ...sound, samples: 0, min: 0, max: 0, mean: 0 };
    } catch (error) {
      if (!(error instanceof ClipError) || error.fault !== 'damaged') throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return silent;
}

function extent(samples: Int16Array): { samples: number; min: number; max: number; mean: number } {
  let min = samples[0] ?? 0;
  let max = min;
  let sum = 0;
  for (const sample of samples) {
    if (sample < min) min = sample;
    if (sample > max) max = sample;
    sum += sample;
  }
  const scale = 1 / 32_768;
  return { samples: samples.length, min: min * scale, max: max * scale, mean: (sum / samples.length) * scale };
}
