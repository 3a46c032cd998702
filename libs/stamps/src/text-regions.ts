import type { Part } from './picture-part.ts';

/** A map of how sure each pixel is part of text, 0 to 1: [height, width]. */
export interface TextMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

// As PP-OCR is used by its authors: pixels above `textFrom` are text, a region's mean must be above `regionFrom`, and
// regions grow again by what the model was trained to leave out around them.
const textFrom = 0.3;
const regionFrom = 0.6;
const unclip = 1.5;
const leastSide = 3;
/** Words of a line are less than this share of their height apart. */
const closeTo = 0.8;

/**
 * Regions of text: connected pixels of the map, as upright boxes. Stamps are never written aslant, so that boxes do where
 * the method has polygons.
 * @see Liao et al., Real-time Scene Text Detection with Differentiable Binarization, AAAI 2020
 */
export function textRegions({ width, height, data }: TextMap): Part[] {
  const seen = new Uint8Array(data.length);
  const regions: Part[] = [];
  const open: number[] = [];
  for (let start = 0; start < data.length; start++) {
    if (seen[start] === 1 || !((data[start] as number) > textFrom)) continue;
    let [left, right, top, bottom, sum, count] = [width, 0, height, 0, 0, 0];
    seen[start] = 1;
    open.push(start);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      sum += data[at] as number;
      count += 1;
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const next = row * width + column;
          if (seen[next] === 1 || !((data[next] as number) > textFrom)) continue;
          seen[next] = 1;
          open.push(next);
        }
      }
    }
    const [w, h] = [right - left, bottom - top];
    if (sum / count < regionFrom || w < leastSide || h < leastSide) continue;
    const grow = (w * h * unclip) / (2 * (w + h));
    regions.push({
      left: Math.max(0, left - grow),
      top: Math.max(0, top - grow),
      right: Math.min(width, right + grow),
      bottom: Math.min(height, bottom + grow),
    });
  }
  return inReadingOrder(regions);
}

/** Rows from the top, each from the left. */
function inReadingOrder(regions: readonly Part[]): Part[] {
  const middle = ({ top, bottom }: Part) => (top + bottom) / 2;
  const rows: Part[][] = [];
  for (const region of [...regions].sort((a, b) => middle(a) - middle(b))) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row !== undefined && last !== undefined && middle(region) < last.bottom && middle(region) > last.top) {
      row.push(region);
    } else rows.push([region]);
  }
  return rows.flatMap((row) => wholeLines(row.sort((a, b) => a.left - b.left)));
}

/** Words that stand close together as one: a line is read better as a whole, and no letter twice. */
function wholeLines(words: readonly Part[]): Part[] {
  const lines: Part[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && word.left - line.right < closeTo * (word.bottom - word.top)) {
      lines[lines.length - 1] = {
        left: line.left,
        top: Math.min(line.top, word.top),
        right: Math.max(line.right, word.right),
        bottom: Math.max(line.bottom, word.bottom),
      };
    } else lines.push(word);
  }
  return lines;
}
