import { hammingDistance, hashBits, hashClip, type ClipHashes } from '@primatrix/perceptual-hash';
import type { PeopleAreas } from '@primatrix/video';
import { palette } from './palette.ts';
import type { Color, Raster } from './raster.ts';
import { drawRunningLine } from './running-line.ts';
import { chartSize, encodeSideBySide, type Side } from './side-by-side.ts';
import { drawText, lineHeight } from './text.ts';

/** A clip and what is written over it. */
export interface TitledClip {
  readonly path: string;
  readonly title: string;
  /** Blurs the people on its pictures; absent: they stay as they are. */
  readonly people?: PeopleAreas | undefined;
}

/** How drawing a video is followed and stopped. */
export interface VideoOptions {
  readonly signal: AbortSignal;
  /** Share of the work that is done, 0 to 1, and what is being done. */
  readonly onProgress?: (fraction: number, note: string) => void;
}

/**
 * Encodes two clips side by side with, under each frame, its 64 bits of pHash and of dHash, the bits that changed since the frame
 * before, and their number over time.
 * @param clips usually one with an animal and a blank one
 * @throws ClipError, UsageError as {@link encodeSideBySide}
 */
export async function encodeHashVideo(
  out: string,
  clips: readonly [TitledClip, TitledClip],
  { signal, onProgress }: VideoOptions,
): Promise<{ readonly frames: number; readonly fps: number }> {
  onProgress?.(0, 'hashes');
  const hashes = [
    (await hashClip(clips[0].path, { signal })).hashes,
    (await hashClip(clips[1].path, { signal })).hashes,
  ] as const;
  const changes = [changedBits(hashes[0]), changedBits(hashes[1])] as const;
  // One scale for both, so that they compare.
  const highest = [...changes[0], ...changes[1]].reduce((a, b) => Math.max(a, b), 1);
  const side = (i: 0 | 1): Side => {
    const bits = hashBits(hashes[i]).data;
    return {
      ...clips[i],
      frames: hashes[i].frames,
      drawChart: (chart, frame) => drawHashes(chart, bits, changes[i], frame, highest),
    };
  };
  return encodeSideBySide(out, [side(0), side(1)], {
    signal,
    onFrame: (done, of) => onProgress?.(0.2 + (0.8 * done) / of, 'frames'),
  });
}

/** Bits of 128 that differ from the frame before; 0 for the first. */
function changedBits(hashes: ClipHashes): Uint8Array {
  return Uint8Array.from({ length: hashes.frames }, (_, frame) => {
    if (frame === 0) return 0;
    const [before, now] = [hashes.at(frame - 1), hashes.at(frame)];
    return hammingDistance(before.phash, now.phash) + hammingDistance(before.dhash, now.dhash);
  });
}

const cell = 13;
const gridWidth = 8 * cell;

function drawHashes(chart: Raster, bits: Uint8Array, changed: Uint8Array, frame: number, highest: number): void {
  const bit = (i: number) => bits[frame * 128 + i] === 1;
  const flipped = (i: number) => frame > 0 && bit(i) !== (bits[(frame - 1) * 128 + i] === 1);
  const step = (chartSize.width - gridWidth) / 3;
  drawGrid(chart, 'pHash', 0, palette.bit, bit);
  drawGrid(chart, 'dHash', Math.round(step), palette.bit, (i) => bit(64 + i));
  drawGrid(chart, 'pHash changed', Math.round(2 * step), palette.change, flipped);
  drawGrid(chart, 'dHash changed', Math.round(3 * step), palette.change, (i) => flipped(64 + i));
  const top = lineHeight + gridWidth + 12;
  drawRunningLine(
    chart,
    { x: 0, y: top, width: chartSize.width, height: chartSize.height - top },
    {
      values: changed,
      now: frame,
      at: (frame + 0.5) / changed.length,
      highest,
      label: `changed bits: ${changed[frame]} (highest ${highest})`,
      color: palette.change,
    },
  );
}

function drawGrid(chart: Raster, label: string, x: number, color: Color, isSet: (i: number) => boolean): void {
  drawText(chart, label, { x, y: 0 }, palette.text);
  for (let i = 0; i < 64; i++) {
    chart.fill(
      { x: x + (i % 8) * cell, y: lineHeight + 1 + (i >> 3) * cell, width: cell - 1, height: cell - 1 },
      isSet(i) ? color : palette.panel,
    );
  }
}
