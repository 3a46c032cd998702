import type { ClipExtraction, ClipFeatures, FeatureExtractor } from '@primatrix/families';
import { noWeights } from '@primatrix/families';
import type { Frame } from '@primatrix/video';

/** Cells of a backdrop. */
export const backdropColumns = 16;
export const backdropRows = 9;

/** Frames of a clip that it is made of. */
const frames = 12;
/** Pixels that are looked at across a picture, at least: more hardly change the means. */
const across = 240;
/** Frames from one to the next where nobody knows how many there are. */
const usualStep = 25;

/**
 * Makes the backdrop of a clip while it is decoded for others: of 16 x 9 cells the median grey over some frames, 0 to 255, rows from the
 * top. What passes is not in it, what stays is: views of cameras are compared by it.
 */
export class BackdropExtractor implements FeatureExtractor {
  readonly weights = noWeights;
  readonly pixels = 'luma';
  #pass: BackdropPass | undefined;

  start({ frames: known }: Parameters<FeatureExtractor['start']>[0]): ClipExtraction {
    return (this.#pass = new BackdropPass(known));
  }

  /** [9 * 16], once the clip is decoded; undefined where no frame was seen. */
  backdrop(): Uint8Array | undefined {
    return this.#pass?.median();
  }

  async dispose(): Promise<void> {
    this.#pass = undefined;
  }
}

class BackdropPass implements ClipExtraction {
  readonly #step: number;
  readonly #seen: Uint8Array[] = [];

  constructor(known: number | null) {
    this.#step = known === null ? usualStep : Math.max(1, Math.floor(known / frames));
  }

  wants(index: number): boolean {
    return index % this.#step === 0 && this.#seen.length < frames;
  }

  push(frame: Frame): void {
    this.#seen.push(cellMeans(frame));
  }

  median(): Uint8Array | undefined {
    const [first] = this.#seen;
    if (first === undefined) return undefined;
    return first.map((_, cell) => {
      const values = this.#seen.map((means) => means[cell] as number).sort((a, b) => a - b);
      return values[values.length >> 1] as number;
    });
  }

  /** Nothing for nets or stackers. */
  async finish(): Promise<ClipFeatures> {
    return { tensor: { dtype: 'uint8', shape: [0], data: new Uint8Array() }, row: {} };
  }
}

function cellMeans(frame: Frame): Uint8Array {
  const { width, height } = frame;
  const luma = frame.luma();
  const stride = Math.max(1, Math.floor(width / across));
  const sums = new Float64Array(backdropColumns * backdropRows);
  const counts = new Float64Array(sums.length);
  for (let y = 0; y < height; y += stride) {
    const row = Math.floor((y * backdropRows) / height) * backdropColumns;
    for (let x = 0; x < width; x += stride) {
      const cell = row + Math.floor((x * backdropColumns) / width);
      sums[cell] = (sums[cell] as number) + (luma[y * width + x] as number);
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  // Pictures of fewer pixels than cells leave some without any.
  return Uint8Array.from(sums, (sum, cell) => Math.round(sum / Math.max(1, counts[cell] as number)));
}
