import type { ListedPacket, ListedStream } from './packet-listing.ts';

/** How fast a clip's pictures follow each other, and for how long. */
export type Pace = { readonly fps: number; readonly durationSeconds: number };

// Rates that differ by less are the same rate, measured in different ways.
const near = 1.5;
// No camera of this world takes pictures faster.
const fastest = 1000;
// Where nothing that can be believed is stated, as for ffmpeg.
const usualFps = 25;
// A gap is odd if it is longer than all others together, and many times the usual one: of three pictures one gap may
// well be longer than the other.
const oddGap = 10;
const fewestGaps = 3;

/**
 * Rate and length of a stream as its container states them, unless the times of its pictures say otherwise: a last
 * picture that is said to last for hours, or a recording that goes on with another clock, says nothing of how fast
 * pictures follow each other.
 * @param packets of this stream alone
 * @param statedSeconds length by the container; undefined where it states none
 * @param frames pictures of the clip
 */
export function paceOf(
  stream: ListedStream,
  packets: readonly ListedPacket[],
  statedSeconds: number | undefined,
  frames: number,
): Pace {
  // Nonsense such as 90,000 is passed over.
  const [stated] = [stream.avg_frame_rate, stream.r_frame_rate]
    .map(fraction)
    .filter((rate) => rate > 0 && rate <= fastest);
  const measured = measure(stream, packets);
  if (measured !== null) {
    // A camera that leaves pictures out has fewer than its rate says, and that is still its rate; many times fewer, and
    // what is stated is a unit of time.
    const lies = stated === undefined || stated * near < measured.rate || stated > measured.usualRate * oddGap;
    const base = fraction(stream.r_frame_rate);
    // The base rate is exact where it agrees with the gap that most pictures have.
    const fps = lies ? (Math.abs(base / measured.usualRate - 1) < 0.02 ? base : measured.rate) : stated;
    // A length far behind the last picture is none that anybody has counted.
    const outlasts = (statedSeconds ?? 0) > measured.endSeconds * near;
    if (lies || measured.hasOddGap || outlasts) return { fps, durationSeconds: frames / fps };
  }
  const byLength = statedSeconds ? Math.max(1, frames) / statedSeconds : 1;
  const fps = stated ?? (byLength > fastest ? usualFps : byLength);
  // Nor can so many pictures be shown in much less time than they take at their rate: times that stand still or go back.
  const isShort = statedSeconds !== undefined && statedSeconds * near < frames / fps;
  return { fps, durationSeconds: isShort ? frames / fps : (statedSeconds ?? frames / fps) };
}

/** Rates by the times of the packets, an odd gap left out, and when the last picture ends; null where too few have times. */
function measure(
  { time_base }: ListedStream,
  packets: readonly ListedPacket[],
): {
  readonly rate: number;
  readonly usualRate: number;
  readonly endSeconds: number;
  readonly hasOddGap: boolean;
} | null {
  const unit = fraction(time_base);
  const times = packets.flatMap(({ pts }) => (pts === undefined ? [] : [pts])).toSorted((a, b) => a - b);
  const gaps = times.slice(1).map((time, i) => (time - (times[i] as number)) * unit);
  const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0;
  if (!(usual * fastest >= 1) || gaps.length < fewestGaps || times.length < packets.length) return null;
  const sum = gaps.reduce((a, b) => a + b, 0);
  const largest = gaps.reduce((a, b) => Math.max(a, b), 0);
  const hasOddGap = largest * 2 > sum && largest > usual * oddGap;
  const rate = hasOddGap ? (gaps.length - 1) / (sum - largest) : gaps.length / sum;
  return { rate, usualRate: 1 / usual, endSeconds: (times.at(-1) ?? 0) * unit + usual, hasOddGap };
}

/** `30000/1001` as a number; NaN where it is none. */
function fraction(text: string | undefined): number {
  const [numerator, denominator = 1] = (text ?? '').split('/').map(Number);
  return (numerator ?? Number.NaN) / denominator;
}
