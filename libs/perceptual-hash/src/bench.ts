import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { PrimatrixError } from '@primatrix/contracts';
import { ffmpegPath, openFrames } from '@primatrix/video';
import { wordsPerFrame } from './frame-hasher.ts';
import { hashClip } from './hash-frames.ts';
import { ThumbnailBits } from './thumbnail-bits.ts';
import { Thumbnails } from './thumbnails.ts';
import type { PixelLayout } from './yuv-grey.ts';

/** Milliseconds of several rounds. */
export interface Timing {
  readonly best: number;
  readonly median: number;
  readonly rounds: readonly number[];
}

/** What hashing one clip costs on this machine. Wall times in milliseconds; `...Ms` a frame where `perFrame`. */
export interface HashBench {
  readonly clip: string;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly cores: number;
  /** The yardstick, `ffmpeg -i clip -f null -`. */
  readonly decodeMs: Timing;
  /** Probing, decoding and handing every frame to Node, nothing done with it. */
  readonly deliverMs: Timing;
  /** `hashClip`: the same with hashing. */
  readonly totalMs: Timing;
  readonly perFrame: {
    /** Grey and both thumbnails. */
    readonly resizeMs: Timing;
    /** DCT, median and comparisons. */
    readonly hashMs: Timing;
    readonly totalMs: Timing;
  };
  /** total / yardstick of each round. */
  readonly ratio: Timing;
}

/** Frames kept in memory to time the steps on: enough to be a sample, few enough to stay small. */
const sampleFrames = 16;

/**
 * Measures `hashClip` against a plain decode, in interleaved rounds, so that other load meets all alike.
 *
 * @param rounds default 7
 * @throws PrimatrixError `IMAGE_HASH_BENCH` if ffmpeg cannot decode the clip
 *
 * @example
 * (await benchHash('trap/0001.mp4')).ratio.median; // 1.6
 */
export async function benchHash(clip: string, { rounds = 7 }: { readonly rounds?: number } = {}): Promise<HashBench> {
  const sample = await sampleOf(clip);
  const decode: number[] = [];
  const deliver: number[] = [];
  const total: number[] = [];
  const resize: number[] = [];
  const hash: number[] = [];
  let frames = 0;
  for (let round = -1; round < rounds; round++) {
    const times = [
      await timed(() => decodeOnly(clip)),
      await timed(() => deliverOnly(clip)),
      await timed(async () => void (frames = (await hashClip(clip)).hashes.frames)),
    ] as const;
    const steps = timeSteps(sample);
    // The round before the first warms the file cache and the compiler.
    if (round < 0) continue;
    for (const [list, ms] of [
      [decode, times[0]],
      [deliver, times[1]],
      [total, times[2]],
      [resize, steps.resize],
      [hash, steps.hash],
    ] as const) {
      list.push(ms);
    }
  }
  return {
    clip,
    frames,
    width: sample.width,
    height: sample.height,
    cores: availableParallelism(),
    decodeMs: timing(decode),
    deliverMs: timing(deliver),
    totalMs: timing(total),
    perFrame: { resizeMs: timing(resize), hashMs: timing(hash), totalMs: timing(total.map((ms) => ms / frames)) },
    ratio: timing(total.map((ms, round) => ms / decode[round]!)),
  };
}

interface Sample {
  readonly width: number;
  readonly height: number;
  readonly layout: PixelLayout;
  readonly frames: readonly Uint8Array[];
}

async function sampleOf(clip: string): Promise<Sample> {
  const stream = await openFrames(clip);
  const frames: Uint8Array[] = [];
  let layout: PixelLayout | undefined;
  for await (const frame of stream) {
    const planes = frame.planes?.();
    if (planes === undefined) break;
    layout = planes.layout;
    frames.push(planes.bytes);
    if (frames.length === sampleFrames) break;
  }
  if (layout === undefined) {
    throw new PrimatrixError('IMAGE_HASH_BENCH', `image-hash: '${clip}' must have a frame to measure with, got none`);
  }
  return { width: stream.width, height: stream.height, layout, frames };
}

function timeSteps({ width, height, layout, frames }: Sample): { resize: number; hash: number } {
  const thumbnails = new Thumbnails(width, height, layout);
  const bits = new ThumbnailBits();
  const words = new Uint32Array(wordsPerFrame);
  let resize = 0;
  let hash = 0;
  for (const frame of frames) {
    const start = performance.now();
    thumbnails.make(frame);
    const between = performance.now();
    bits.write(thumbnails, words, 0);
    resize += between - start;
    hash += performance.now() - between;
  }
  return { resize: resize / frames.length, hash: hash / frames.length };
}

/** The yardstick: decodes a clip with ffmpeg and drops what comes. @throws PrimatrixError `IMAGE_HASH_BENCH` */
export async function decodeOnly(clip: string): Promise<void> {
  const decoder = spawn(ffmpegPath(), ['-v', 'error', '-nostdin', '-i', `file:${clip}`, '-f', 'null', '-'], {
    stdio: 'ignore',
  });
  const [code] = (await once(decoder, 'exit')) as [number | null];
  if (code !== 0) {
    throw new PrimatrixError(
      'IMAGE_HASH_BENCH',
      `image-hash: ffmpeg must decode '${clip}' to measure it, got exit code ${code}`,
    );
  }
}

async function deliverOnly(clip: string): Promise<void> {
  for await (const frame of await openFrames(clip, { reuseBuffers: true })) void frame;
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Best and median of times in milliseconds, of at least one round. */
export function timing(rounds: readonly number[]): Timing {
  const sorted = [...rounds].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { best: sorted[0]!, median, rounds };
}
