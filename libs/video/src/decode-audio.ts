import type { ClipInspection } from './inspect-clip.ts';
import { ClipError } from './errors.ts';
import { readOutput, standardOutput, startTool } from './ffmpeg-process.ts';
import { clipInput, openable, processFault } from './inspect-clip.ts';
import { defaultClipLimits, type ClipLimits } from './limits.ts';

/** At which rate sound is wanted, and within which limits it is decoded. */
export type DecodeAudioOptions = {
  /** Samples a second of the result; absent: the sound's own rate. */
  readonly sampleRate?: number;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ClipLimits;
};

const highestSampleRate = 192_000;

/**
 * Decodes a file's first sound stream, all channels mixed to one: [n] samples, -32,768..32,767, or null where there
 * is none. Takes sound files and clips. Damaged sound gives what decodes.
 * @throws ClipError as `inspectClip` does
 */
export async function decodeAudio(path: string, options: DecodeAudioOptions = {}): Promise<Int16Array | null> {
  const { sampleRate, signal, limits = defaultClipLimits } = options;
  const { promise } = await openable(path);
  const running = startTool({
    tool: 'ffmpeg',
    inputs: [clipInput(path, promise.kind, limits)],
    outputOptions: [
      ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-t', String(limits.maxSeconds), '-ac', '1'],
      ...(sampleRate === undefined ? [] : ['-ar', String(sampleRate)]),
      ...['-c:a', 'pcm_s16le', '-f', 's16le'],
    ],
    output: standardOutput,
    limits,
    signal,
  });
  const output = await readOutput(running, limits.maxSeconds * highestSampleRate * 2);
  const exit = await running.exit;
  signal?.throwIfAborted();
  if (output === null) throw new ClipError('too-large', path, `video: '${path}' has more sound than a clip may have`);
  if (exit.code !== 0 && exit.errors.some((line) => line.includes('matches no streams'))) return null;
  const fault = processFault(exit);
  if (fault !== null || (exit.code !== 0 && output.length === 0)) {
    const detail = exit.errors.at(-1) ?? exit.killedBy ?? `exit code ${exit.code}`;
    throw new ClipError(
      fault ?? (promise.kind === 'other' ? 'not-media' : 'damaged'),
      path,
      `video: sound of '${path}': ${detail}`,
    );
  }
  return new Int16Array(output.buffer.slice(output.byteOffset, output.byteOffset + (output.length & ~1)));
}

/** Sound of an inspected clip as `ClipMetadata` describes it: extremes and mean of its samples in [-1, 1). */
export async function audioMetadata(
  { path, audio }: ClipInspection,
  options: Omit<DecodeAudioOptions, 'sampleRate'>,
): Promise<{
  codec: string;
  sampleRate: number;
  channels: number;
  samples: number;
  min: number;
  max: number;
  mean: number;
} | null> {
  if (audio === null) return null;
  const samples = (await decodeAudio(path, { ...options, sampleRate: audio.sampleRate })) ?? new Int16Array();
  let min = samples[0] ?? 0;
  let max = min;
  let sum = 0;
  for (const sample of samples) {
    if (sample < min) min = sample;
    if (sample > max) max = sample;
    sum += sample;
  }
  const scale = 1 / 32_768;
  return {
    ...audio,
    samples: samples.length,
    min: min * scale,
    max: max * scale,
    mean: (sum / Math.max(1, samples.length)) * scale,
  };
}
