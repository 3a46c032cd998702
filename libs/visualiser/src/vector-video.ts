import type { FeatureExtractor } from '@primatrix/families';
import { openFrames } from '@primatrix/video';
import type { TitledClip, VideoOptions } from './hash-video.ts';
import { heat, palette } from './palette.ts';
import type { Raster } from './raster.ts';
import { drawNow, drawRunningLine } from './running-line.ts';
import { chartSize, encodeSideBySide, type Side } from './side-by-side.ts';
import { drawText, lineHeight } from './text.ts';

/** A clip's vectors, and which frames they are of. */
interface ClipVectors {
  /** [vectors, features]. */
  readonly values: Float32Array;
  readonly features: number;
  /** Index of each vector's frame, ascending. */
  readonly frames: readonly number[];
  /** Euclidean distance of each vector to the one before; 0 for the first. */
  readonly differences: Float64Array;
  /** Frames that the clip has. */
  readonly length: number;
}

/**
 * Encodes two clips side by side with, under each, its feature vectors as they come (time to the right, one row for some
 * features, brighter is larger) and the distance of each vector to the one before.
 * @param extractor an opened backbone family that keeps float32
 * @throws ClipError, UsageError as {@link encodeSideBySide}
 */
export async function encodeVectorVideo(
  out: string,
  clips: readonly [TitledClip, TitledClip],
  extractor: FeatureExtractor,
  { signal, onProgress, name }: VideoOptions & { readonly name: string },
): Promise<{ readonly frames: number; readonly fps: number }> {
  const vectors: ClipVectors[] = [];
  for (const [i, { path }] of clips.entries()) {
    vectors.push(
      await vectorsOf(path, extractor, signal, (fraction) =>
        onProgress?.(0.4 * (i + fraction), `vectors of clip ${i + 1}`),
      ),
    );
  }
  const highest = vectors.flatMap(({ differences }) => [...differences]).reduce((a, b) => Math.max(a, b), 0);
  const maps = vectors.map(heatMap);
  const scale = scaleOf(maps);
  const side = (i: 0 | 1): Side => {
    const own = vectors[i] as ClipVectors;
    const map = maps[i] as Float32Array;
    return {
      ...clips[i],
      frames: own.length,
      drawChart: (chart, frame) => drawVectors(chart, own, map, frame, { highest, scale, name }),
    };
  };
  return encodeSideBySide(out, [side(0), side(1)], {
    signal,
    onFrame: (done, of) => onProgress?.(0.8 + (0.2 * done) / of, 'frames'),
  });
}

async function vectorsOf(
  path: string,
  extractor: FeatureExtractor,
  signal: AbortSignal,
  onFraction: (fraction: number) => void,
): Promise<ClipVectors> {
  const stream = await openFrames(path, { signal });
  const extraction = extractor.start({ name: path, frames: stream.framesExpected });
  const frames: number[] = [];
  let length = 0;
  for await (const frame of stream) {
    length++;
    if (!extraction.wants(frame.index)) continue;
    await extraction.push(frame);
    frames.push(frame.index);
    onFraction(Math.min(1, length / (stream.framesExpected ?? length)));
  }
  const { tensor } = await extraction.finish();
  const features = tensor.shape[1] ?? 0;
  const values = tensor.data as Float32Array;
  const differences = Float64Array.from(frames, (_, v) => {
    let sum = 0;
    for (let f = 0; v > 0 && f < features; f++) {
      sum += ((values[v * features + f] as number) - (values[(v - 1) * features + f] as number)) ** 2;
    }
    return Math.sqrt(sum);
  });
  return { values, features, frames, differences, length };
}

const mapHeight = 128;

/** Means of the features that share a row of the chart: [mapHeight, vectors]. */
function heatMap({ values, features, frames }: ClipVectors): Float32Array {
  const map = new Float32Array(mapHeight * frames.length);
  for (let row = 0; row < mapHeight; row++) {
    const from = Math.floor((row * features) / mapHeight);
    const to = Math.max(from + 1, Math.floor(((row + 1) * features) / mapHeight));
    for (let v = 0; v < frames.length; v++) {
      let sum = 0;
      for (let f = from; f < to; f++) sum += values[v * features + f] as number;
      map[row * frames.length + v] = sum / (to - from);
    }
  }
  return map;
}

/** What is drawn darkest and brightest: all but one in a hundred values lie between. One scale for both clips, so that they compare. */
function scaleOf(maps: readonly Float32Array[]): { readonly low: number; readonly high: number } {
  const all = Float32Array.from(maps.flatMap((map) => [...map])).sort();
  const at = (share: number) => all[Math.floor((all.length - 1) * share)] ?? 0;
  return { low: at(0.005), high: at(0.995) };
}

function drawVectors(
  chart: Raster,
  { features, frames, differences, length }: ClipVectors,
  map: Float32Array,
  frame: number,
  { highest, scale: { low, high }, name }: { highest: number; scale: ReturnType<typeof scaleOf>; name: string },
): void {
  // The vector that is current: that of this frame, or of the last before it that was looked at.
  const now = Math.max(
    0,
    frames.findLastIndex((index) => index <= frame),
  );
  drawText(chart, `${name}: ${features} features of ${frames.length} frames`, { x: 0, y: 0 }, palette.text);
  const box = { x: 0, y: lineHeight + 1, width: chartSize.width, height: mapHeight };
  chart.fill(box, palette.panel);
  for (let x = 0; x < box.width; x++) {
    const v = Math.floor((x * frames.length) / box.width);
    if (v > now) break;
    for (let row = 0; row < mapHeight; row++) {
      chart.set(x, box.y + row, heat(((map[row * frames.length + v] as number) - low) / (high - low || 1)));
    }
  }
  const at = (frame + 0.5) / length;
  drawNow(chart, box, at);
  const top = box.y + mapHeight + 8;
  drawRunningLine(
    chart,
    { x: 0, y: top, width: chartSize.width, height: chartSize.height - top },
    {
      values: differences,
      now,
      at,
      highest,
      label: `distance to the vector before: ${(differences[now] ?? 0).toPrecision(3)}`,
      color: palette.change,
    },
  );
}
