/** Blocks across and down: 64 bits. */
const side = 8;
/** Rows of blocks are compared in four bands, each with its own median. */
const bands = 4;
/** Brightness of a white pixel as it is summed: R + G + B, with 256 steps a channel as the reference counts them. */
const brightest = 256 * 3;

/** What block hashing needs of a decoded frame; `Frame` of @primatrix/video is one. */
export interface ColourFrame {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** [height * width * 3], R, G, B. */
  rgb(): Uint8Array;
}

/**
 * Block mean value hashes of a clip's frames: method 2 of "Block Mean Value Based Image Perceptual Hashing" (Yang, Gu,
 * Niu 2006) as blockhash.io describes it, bit for bit as npm's `imghash` (by `blockhash-core`) gives it for 8 x 8 blocks.
 */
export class BlockHasher {
  readonly #words: number[] = [];
  readonly #blocks = new Float64Array(side * side);
  #across = new Axis(side);
  #down = new Axis(side);

  /** A bit a block, from the top left on: whether it is brighter than the median of its two rows of blocks. */
  add(frame: ColourFrame): void {
    const { width, height } = frame;
    if (this.#across.pixels !== width) this.#across = new Axis(width);
    if (this.#down.pixels !== height) this.#down = new Axis(height);
    sumBlocks(frame.rgb(), this.#across, this.#down, this.#blocks);
    const half = ((width / side) * (height / side) * brightest) / 2;
    const perBand = this.#blocks.length / bands;
    const bits = new Uint8Array(this.#blocks.length);
    for (let first = 0; first < bits.length; first += perBand) {
      const band = this.#blocks.subarray(first, first + perBand);
      const sorted = band.toSorted();
      const median = (sorted[perBand / 2 - 1]! + sorted[perBand / 2]!) / 2;
      // Where most blocks are alike, black gives zeros and white ones.
      band.forEach(
        (sum, i) => (bits[first + i] = sum > median || (Math.abs(sum - median) < 1 && median > half) ? 1 : 0),
      );
    }
    for (const start of [0, 32]) {
      this.#words.push(bits.subarray(start, start + 32).reduce((word, bit) => (word << 1) | bit, 0) >>> 0);
    }
  }

  /** [frames, 2]: the first 32 bits of each frame, then the other 32; the first bit is the most significant. */
  words(): Uint32Array {
    return Uint32Array.from(this.#words);
  }
}

/** How the pixels of a row, or of a column, fall to 8 blocks: one on a border counts for both, by its share. */
class Axis {
  readonly pixels: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly firstShare: Float64Array;
  readonly secondShare: Float64Array;

  constructor(pixels: number) {
    this.pixels = pixels;
    this.first = new Uint8Array(pixels);
    this.second = new Uint8Array(pixels);
    this.firstShare = new Float64Array(pixels).fill(1);
    this.secondShare = new Float64Array(pixels);
    const block = pixels / side;
    for (let i = 0; i < pixels; i++) {
      const within = (i + 1) % block;
      // The part of the pixel that lies behind the block's own whole pixels; also inside a block, where both parts are its.
      const behind = within % 1;
      this.first[i] = Math.floor(i / block);
      this.second[i] = within >= 1 || i + 1 === pixels ? Math.floor(i / block) : Math.ceil(i / block);
      if (pixels % side === 0) this.second[i] = this.first[i]!;
      else [this.firstShare[i], this.secondShare[i]] = [1 - behind, behind];
    }
  }
}

/** Sums in the order of the reference: sums of doubles depend on it. */
function sumBlocks(rgb: Uint8Array, across: Axis, down: Axis, blocks: Float64Array): void {
  blocks.fill(0);
  let at = 0;
  for (let y = 0; y < down.pixels; y++) {
    const top = down.first[y]! * side;
    const bottom = down.second[y]! * side;
    const topShare = down.firstShare[y]!;
    const bottomShare = down.secondShare[y]!;
    for (let x = 0; x < across.pixels; x++, at += 3) {
      const value = rgb[at]! + rgb[at + 1]! + rgb[at + 2]!;
      const left = across.first[x]!;
      const right = across.second[x]!;
      const leftShare = across.firstShare[x]!;
      const rightShare = across.secondShare[x]!;
      blocks[top + left]! += value * topShare * leftShare;
      blocks[top + right]! += value * topShare * rightShare;
      blocks[bottom + left]! += value * bottomShare * leftShare;
      blocks[bottom + right]! += value * bottomShare * rightShare;
    }
  }
}
