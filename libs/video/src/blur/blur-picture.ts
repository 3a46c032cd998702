import type { BlurArea } from './people-areas.ts';

/** A picture whose bytes may be changed: rgb24, [height, width, 3], rows from the top. */
export interface BlurredPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Cells to a side of an area, at most: a face in the box of a body is smaller than one of them. */
const cells = 4;
/** Steps of a cell's colour: what is left tells of clothes and light, and not of features, over many frames neither. */
const steps = 16;

/**
 * Blurs areas of a picture, in place: each becomes the mean colours of 4 x 4 cells at most, in steps of 16, and the way from one to the
 * next. Nothing else of what was there goes into the result, so nothing else can be had from it. All outside stays as it is, to the byte.
 */
export function blurAreas(picture: BlurredPicture, areas: readonly BlurArea[]): void {
  for (const area of areas) blurArea(picture, area);
}

function blurArea(picture: BlurredPicture, area: BlurArea): void {
  const { width, height, data } = picture;
  const [left, right] = [Math.max(0, Math.floor(area.left * width)), Math.min(width, Math.ceil(area.right * width))];
  const [top, bottom] = [Math.max(0, Math.floor(area.top * height)), Math.min(height, Math.ceil(area.bottom * height))];
  if (right <= left || bottom <= top) return;
  const box = { left, top, width: right - left, height: bottom - top };
  const { columns, rows, colours } = cellColours(picture, box);
  const across = weightsOf(box.width, columns);
  const down = weightsOf(box.height, rows);
  for (let y = 0; y < box.height; y++) {
    const { from: above, share: lower } = down[y] as Weight;
    const below = Math.min(rows - 1, above + 1);
    for (let x = 0; x < box.width; x++) {
      const { from, share } = across[x] as Weight;
      const next = Math.min(columns - 1, from + 1);
      const at = ((top + y) * width + left + x) * 3;
      for (let c = 0; c < 3; c++) {
        const colour = (row: number, column: number) => colours[(row * columns + column) * 3 + c] as number;
        const upper = colour(above, from) * (1 - share) + colour(above, next) * share;
        const under = colour(below, from) * (1 - share) + colour(below, next) * share;
        data[at + c] = Math.round(upper * (1 - lower) + under * lower);
      }
    }
  }
}

interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Mean colours of the cells in steps, [rows, columns, 3]. */
function cellColours(
  { width, data }: BlurredPicture,
  box: PixelBox,
): { readonly columns: number; readonly rows: number; readonly colours: Float64Array } {
  const [columns, rows] = [Math.min(cells, box.width), Math.min(cells, box.height)];
  const sums = new Float64Array(rows * columns * 3);
  const counts = new Float64Array(rows * columns);
  for (let y = 0; y < box.height; y++) {
    const row = Math.floor((y * rows) / box.height);
    for (let x = 0; x < box.width; x++) {
      const cell = row * columns + Math.floor((x * columns) / box.width);
      const at = ((box.top + y) * width + box.left + x) * 3;
      counts[cell] = (counts[cell] as number) + 1;
      for (let c = 0; c < 3; c++) sums[cell * 3 + c] = (sums[cell * 3 + c] as number) + (data[at + c] as number);
    }
  }
  const colours = sums.map((sum, i) =>
    Math.min(255, Math.round(sum / (counts[Math.floor(i / 3)] as number) / steps) * steps),
  );
  return { columns, rows, colours };
}

/** Between which two cells' middles a pixel lies, and how near to the second. */
interface Weight {
  readonly from: number;
  readonly share: number;
}

function weightsOf(length: number, count: number): Weight[] {
  return Array.from({ length }, (_, i) => {
    const place = Math.min(count - 1, Math.max(0, ((i + 0.5) * count) / length - 0.5));
    const from = Math.floor(place);
    return { from, share: place - from };
  });
}
