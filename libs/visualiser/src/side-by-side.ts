import { UsageError } from '@primatrix/contracts';
import { encodeClip, type PeopleAreas } from '@primatrix/video';
import { ClipPlayer, type Shown } from './clip-player.ts';
import { palette } from './palette.ts';
import { Raster } from './raster.ts';
import { clipText, drawText } from './text.ts';

/** One half of the video. */
export interface Side {
  readonly path: string;
  /** Over its pictures, for example the class. */
  readonly title: string;
  /** Blurs the people on its pictures; absent: they stay as they are. */
  readonly people?: PeopleAreas | undefined;
  /** Frames that its chart knows. */
  readonly frames: number;
  /** Draws the chart of one frame into a raster of {@link chartSize}. */
  readonly drawChart: (chart: Raster, frame: number) => void;
}

/** Pixels of a chart under a clip. */
export const chartSize = { width: 480, height: 230 };
const pictureHeight = 270;
const titleHeight = 26;
const gap = 16;

/**
 * Encodes two clips side by side, each with its chart under it, as MP4 (H.264) at the higher of their frame rates. The shorter
 * clip stops at its last frame.
 * @throws ClipError where a clip cannot be opened; UsageError where one has no frames
 */
export async function encodeSideBySide(
  out: string,
  sides: readonly [Side, Side],
  options: { readonly signal: AbortSignal; readonly onFrame?: (done: number, of: number) => void },
): Promise<{ readonly frames: number; readonly fps: number }> {
  const empty = sides.find(({ frames }) => frames === 0);
  if (empty !== undefined) {
    throw new UsageError('VISUALISE_EMPTY', `visualise: '${empty.path}' has no frames`, {
      hint: 'name a clip with pictures',
    });
  }
  await using left = await ClipPlayer.open(sides[0].path, options.signal, sides[0].people);
  await using right = await ClipPlayer.open(sides[1].path, options.signal, sides[1].people);
  const players = [left, right] as const;
  const fps = Math.max(left.fps, right.fps);
  const frames = Math.max(
    ...sides.map((side, i) => Math.ceil((side.frames / (players[i] as ClipPlayer).fps) * fps - 1e-6)),
  );
  const picture = new Raster(
    2 * chartSize.width + 3 * gap,
    titleHeight + pictureHeight + chartSize.height + 2 * gap,
    palette.ground,
  );

  async function* pictures(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < frames; i++) {
      for (const [s, side] of sides.entries()) {
        const shown = await (players[s] as ClipPlayer).at(i / fps);
        if (shown !== undefined) drawSide(picture, side, gap + s * (chartSize.width + gap), shown);
      }
      options.onFrame?.(i + 1, frames);
      yield picture.data;
    }
  }
  await encodeClip({
    out,
    width: picture.width,
    height: picture.height,
    fps,
    frames: pictures(),
    signal: options.signal,
  });
  return { frames, fps };
}

function drawSide(picture: Raster, { title, frames, drawChart }: Side, x: number, shown: Shown): void {
  const { width } = chartSize;
  picture.fill({ x, y: 0, width, height: titleHeight + pictureHeight + gap }, palette.ground);
  const counter = `frame ${shown.index + 1} of ${frames}`;
  drawText(picture, clipText(title, width - counter.length * 6 - 12, 2), { x, y: 8 }, palette.text, 2);
  drawText(picture, counter, { x: x + width - counter.length * 6, y: 14 }, palette.dim);
  const box = { x, y: titleHeight + 4, width, height: pictureHeight };
  picture.fill(box, palette.panel);
  picture.fit(shown, box);
  const chart = new Raster(chartSize.width, chartSize.height, palette.ground);
  drawChart(chart, Math.min(shown.index, frames - 1));
  picture.place(chart, x, titleHeight + pictureHeight + gap);
}
