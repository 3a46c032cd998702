import { writeFile } from 'node:fs/promises';
import type { FeatureExtractor } from '@primatrix/families';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { encodeClip, openFrames, probeClip } from '@primatrix/video';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contactSheet } from './contact-sheet.ts';
import { encodeHashVideo } from './hash-video.ts';
import { palette } from './palette.ts';
import type { Color, Raster } from './raster.ts';
import { chartSize } from './side-by-side.ts';
import { encodeVectorVideo } from './vector-video.ts';

const signal = new AbortController().signal;
let folder: TemporaryFolder;
let moving: string;
let still: string;

/** A grey square that wanders over black, or a picture that stays. */
async function makeClip(name: string, frames: number, fps: number, moves: boolean): Promise<string> {
  const [width, height] = [64, 48];
  function* pictures() {
    for (let i = 0; i < frames; i++) {
      const picture = new Uint8Array(width * height * 3);
      for (let y = 8; y < 32; y++) {
        for (let x = 0; x < 16; x++) {
          picture.fill(200, (y * width + x + (moves ? i * 3 : 0)) * 3, (y * width + x + (moves ? i * 3 : 0)) * 3 + 3);
        }
      }
      yield picture;
    }
  }
  await encodeClip({ out: folder.join(name), width, height, fps, frames: pictures(), crf: 5 });
  return folder.join(name);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  moving = await makeClip('moving.mp4', 16, 8, true);
  still = await makeClip('still.mp4', 4, 4, false);
});
afterAll(() => folder.remove());

const count = (
  { data }: Pick<Raster, 'data'>,
  color: Color,
  box = { x: 0, y: 0, width: 1008, height: 558 },
  width = 1008,
) => {
  let found = 0;
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      if (color.every((value, c) => Math.abs((data[(y * width + x) * 3 + c] as number) - value) < 24)) found++;
    }
  }
  return found;
};

/** Pictures of a video, by index. */
async function picturesOf(path: string): Promise<{ data: Uint8Array }[]> {
  const pictures = [];
  for await (const frame of await openFrames(path)) pictures.push({ data: frame.rgb() });
  return pictures;
}

const charts = [16, 2 * 16 + chartSize.width].map((x) => ({
  x,
  y: 558 - 16 - chartSize.height,
  width: chartSize.width,
  height: chartSize.height,
}));

describe('encodeHashVideo', () => {
  it('is H.264 of both clips by time, and shows changed bits where something moves and none where nothing does', async () => {
    const out = folder.join('h.mp4');
    expect(
      await encodeHashVideo(
        out,
        [
          { path: moving, title: 'animal' },
          { path: still, title: 'blank' },
        ],
        { signal },
      ),
    ).toEqual({ frames: 16, fps: 8 });
    expect(await probeClip(out)).toMatchObject({
      videoCodec: 'h264',
      width: 1008,
      height: 558,
      fps: 8,
      frames: 16,
      audio: null,
    });
    const pictures = await picturesOf(out);
    const changed = (frame: number, side: number) => count(pictures[frame] as Raster, palette.change, charts[side]);
    expect(changed(0, 0)).toBe(0);
    expect(changed(10, 0)).toBeGreaterThan(200);
    expect(changed(10, 1)).toBe(0);
    // Bits of the current frame are there for both.
    for (const side of [0, 1]) expect(count(pictures[10] as Raster, palette.bit, charts[side])).toBeGreaterThan(500);
  });

  it('throws for a clip that cannot be opened, and leaves no file', async () => {
    await expect(
      encodeHashVideo(
        folder.join('x.mp4'),
        [
          { path: moving, title: '' },
          { path: folder.join('gone.mp4'), title: '' },
        ],
        { signal },
      ),
    ).rejects.toThrow(expect.objectContaining({ fault: 'missing' }));
    await expect(probeClip(folder.join('x.mp4'))).rejects.toThrow();
  });
});

describe('encodeVectorVideo', () => {
  /** A family whose features are the means of the picture's 16 columns. */
  const extractor = (every: number): FeatureExtractor => ({
    weights: { source: 'none', digest: null, note: '' },
    pixels: 'color',
    start: () => {
      const rows: number[] = [];
      return {
        wants: (index) => index % every === 0,
        push(frame) {
          const { width, height } = frame;
          const grey = frame.luma();
          for (let c = 0; c < 16; c++) {
            let sum = 0;
            for (let y = 0; y < height; y++) {
              for (let x = (c * width) / 16; x < ((c + 1) * width) / 16; x++) sum += grey[y * width + x] as number;
            }
            rows.push((sum * 16) / width / height);
          }
        },
        finish: () =>
          Promise.resolve({
            tensor: { dtype: 'float32', shape: [rows.length / 16, 16], data: Float32Array.from(rows) },
            row: {},
          }),
      };
    },
    dispose: () => Promise.resolve(),
  });

  it.each([1, 3])('draws vectors of every %d. frame, and larger distances where something moves', async (every) => {
    const out = folder.join('v.mp4');
    expect(
      await encodeVectorVideo(
        out,
        [
          { path: moving, title: 'animal' },
          { path: still, title: 'blank' },
        ],
        extractor(every),
        { signal, name: 'columns' },
      ),
    ).toEqual({ frames: 16, fps: 8 });
    const last = (await picturesOf(out))[15] as Raster;
    const [animal = 0, blank = 0] = charts.map((chart) => count(last, palette.change, chart));
    expect(animal).toBeGreaterThan(1000);
    expect(blank).toBeLessThan(animal / 10);
  });
});

describe('contactSheet', () => {
  it('shows the middle frame of each clip, and keeps the place of one that cannot be read', async () => {
    await writeFile(folder.join('bad.mp4'), 'no clip');
    const groups = [
      {
        title: 'moving',
        clips: [
          { path: moving, caption: 'moving.mp4' },
          { path: folder.join('bad.mp4'), caption: 'bad.mp4' },
        ],
      },
      { title: 'none', clips: [] },
    ];
    const { picture, failed } = await contactSheet(groups, { columns: 3, signal });
    expect(failed).toEqual([{ path: folder.join('bad.mp4'), reason: expect.stringContaining('bad.mp4') as string }]);
    const cell = { x: 12, y: 42, width: 208, height: 132 };
    // The square is 16 of 64 pixels wide; in the middle, at frame 8, its left edge is 24 pixels from the left.
    const grey = (x: number) =>
      picture.data[((cell.y + 60) * picture.width + cell.x + 16 + Math.round((x * 176) / 64)) * 3] as number;
    expect([grey(20), grey(32), grey(44)].map((value) => value > 150)).toEqual([false, true, false]);
    expect(count(picture, palette.change, { ...cell, x: 12 + 216 }, picture.width)).toBeGreaterThan(20);
  });

  it('shows the frame that something was seen on, and draws the boxes', async () => {
    const seen = { frame: 0, boxes: [[0.5, 0.25, 0.25, 0.5]] as const };
    const { picture } = await contactSheet([{ title: 'x', clips: [{ path: moving, caption: '', seen }] }], {
      ...{ columns: 1, signal },
    });
    const at = (x: number, y: number) => {
      const start = ((42 + y) * picture.width + 12 + x) * 3;
      return [...picture.data.subarray(start, start + 3)];
    };
    // The picture is 176 x 132 in a cell of 208 x 132: its left edge is at 16.
    expect([at(16 + 88, 66), at(16 + 131, 66), at(16 + 110, 33), at(16 + 110, 98)]).toEqual(
      Array.from({ length: 4 }, () => [...palette.change]),
    );
    expect(at(16 + 110, 66)).not.toEqual([...palette.change]);
    // At frame 0 the square is at the left edge, where the middle frame has none.
    expect(at(16 + 20, 60)[0]).toBeGreaterThan(150);
  });
});
