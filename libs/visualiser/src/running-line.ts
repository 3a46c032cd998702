import { palette } from './palette.ts';
import type { Box, Color, Raster } from './raster.ts';
import { drawText, lineHeight } from './text.ts';

/**
 * Draws a label and, under it, values as bars over time, up to the one numbered `now`; the room for those to come stays empty.
 * @param series `at`: where the video is, 0 to 1
 */
export function drawRunningLine(
  raster: Raster,
  outer: Box,
  series: {
    readonly values: ArrayLike<number>;
    readonly now: number;
    readonly at: number;
    readonly highest: number;
    readonly label: string;
    readonly color: Color;
  },
): void {
  const { values, now, at, highest, label, color } = series;
  drawText(raster, label, { x: outer.x, y: outer.y }, palette.text);
  const box = { ...outer, y: outer.y + lineHeight + 1, height: outer.height - lineHeight - 1 };
  raster.fill(box, palette.panel);
  for (let x = 0; x < box.width; x++) {
    // The highest of the frames that share a column, lest a single jump is lost.
    const from = Math.floor((x * values.length) / box.width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * values.length) / box.width));
    if (from > now) break;
    let value = 0;
    for (let i = from; i < Math.min(to, now + 1); i++) value = Math.max(value, values[i] as number);
    const height = Math.round((value / (highest || 1)) * (box.height - 2));
    raster.fill({ x: box.x + x, y: box.y + box.height - height, width: 1, height }, color);
  }
  drawNow(raster, box, at);
}

/** A line where the video is. @param at 0 to 1 */
export function drawNow(raster: Raster, box: Box, at: number): void {
  raster.fill(
    { x: box.x + Math.min(box.width - 1, Math.floor(at * box.width)), y: box.y, width: 1, height: box.height },
    palette.dim,
  );
}
