import type { Picture } from '@primatrix/backbones';
import { blurAreas, ClipError, inspectClip, openFrames, type PeopleAreas } from '@primatrix/video';
import { palette } from './palette.ts';
import { Raster, type Box } from './raster.ts';
import { clipText, drawText, lineHeight } from './text.ts';

/** One clip on a sheet. */
export interface SheetClip {
  readonly path: string;
  /** One line under its picture. */
  readonly caption: string;
  /** Blurs the people on it; absent: it stays as it is. */
  readonly people?: PeopleAreas | undefined;
  /** What a detector saw: the frame that is shown instead of the middle one, and its boxes. */
  readonly seen?: SeenFrame;
}

/** A frame of a clip with boxes: left, top, width and height, shares of the picture. */
export interface SeenFrame {
  readonly frame: number;
  readonly boxes: readonly (readonly [left: number, top: number, width: number, height: number])[];
}

/** A row, or several, of a sheet. */
export interface SheetGroup {
  readonly title: string;
  readonly clips: readonly SheetClip[];
}

/** A sheet, and the clips of which it has no picture. */
export interface ContactSheet {
  readonly picture: Raster;
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
}

const cell = { width: 208, height: 132 };
const margin = 12;
const titleHeight = 30;

/** Draws the middle frame of each clip, or the one that something was seen on with its boxes, by group. A clip that cannot be read keeps its place, which says why. */
export async function contactSheet(
  groups: readonly SheetGroup[],
  options: {
    readonly columns: number;
    readonly signal: AbortSignal;
    readonly onClip?: (done: number, of: number) => void;
  },
): Promise<ContactSheet> {
  const { columns, signal, onClip } = options;
  const rowsOf = ({ clips }: SheetGroup) => Math.max(1, Math.ceil(clips.length / columns));
  const rowHeight = cell.height + lineHeight + 10;
  const height = groups.reduce((sum, group) => sum + titleHeight + rowsOf(group) * rowHeight, margin * 2);
  const sheet = new Raster(margin * 2 + columns * (cell.width + 8) - 8, height, palette.ground);
  const failed: { path: string; reason: string }[] = [];
  const total = groups.reduce((sum, { clips }) => sum + clips.length, 0);
  let done = 0;
  let top = margin;
  for (const group of groups) {
    drawText(sheet, clipText(group.title, sheet.width - 2 * margin, 2), { x: margin, y: top + 8 }, palette.text, 2);
    top += titleHeight;
    if (group.clips.length === 0) drawText(sheet, 'no clips', { x: margin, y: top }, palette.dim);
    for (const [i, { path, caption, people, seen }] of group.clips.entries()) {
      signal.throwIfAborted();
      const box = {
        x: margin + (i % columns) * (cell.width + 8),
        y: top + Math.floor(i / columns) * rowHeight,
        width: cell.width,
        height: cell.height,
      };
      sheet.fill(box, palette.panel);
      const frame = await frameOf(path, { asked: seen?.frame, people }, signal);
      if ('reason' in frame) {
        failed.push({ path, reason: frame.reason });
        drawText(sheet, 'cannot be read', { x: box.x + 8, y: box.y + cell.height / 2 }, palette.change);
      } else {
        drawBoxes(sheet, sheet.fit(frame, box), seen?.boxes ?? []);
      }
      drawText(sheet, clipText(caption, cell.width), { x: box.x, y: box.y + cell.height + 4 }, palette.dim);
      onClip?.(++done, total);
    }
    top += rowsOf(group) * rowHeight;
  }
  return { picture: sheet, failed };
}

function drawBoxes(sheet: Raster, shown: Box, boxes: SeenFrame['boxes']): void {
  for (const [left, top, width, height] of boxes) {
    const x = shown.x + Math.round(left * shown.width);
    const y = shown.y + Math.round(top * shown.height);
    sheet.outline(
      {
        ...{ x, y },
        width: Math.max(1, shown.x + Math.round((left + width) * shown.width) - x),
        height: Math.max(1, shown.y + Math.round((top + height) * shown.height) - y),
      },
      palette.change,
    );
  }
}

/**
 * Decodes up to a frame of a clip; of one that breaks off before, the last frame there is.
 * @param asked undefined: the middle one
 */
async function frameOf(
  path: string,
  { asked, people }: { readonly asked: number | undefined; readonly people: PeopleAreas | undefined },
  signal: AbortSignal,
): Promise<Picture | { readonly reason: string }> {
  try {
    const inspection = await inspectClip(path, { signal });
    const wanted = asked ?? Math.floor((inspection.video?.frames ?? 0) / 2);
    const stream = await openFrames(path, { inspection, signal });
    let last: Picture | undefined;
    for await (const frame of stream) {
      if (frame.index < wanted && frame.index % 16 !== 0) continue;
      last = { width: frame.width, height: frame.height, data: frame.rgb() };
      if (people !== undefined) blurAreas(last, people(frame.index));
      if (frame.index >= wanted) break;
    }
    return last ?? { reason: (await stream.outcome).reason };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClipError) return { reason: error.reason };
    throw error;
  }
}
