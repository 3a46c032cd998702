import type { Calibration } from '@primatrix/families';

/** Keeps logits finite; as the log loss clips. */
const smallest = 1e-15;

const logit = (p: number) => {
  const clipped = Math.min(1 - smallest, Math.max(smallest, p));
  return Math.log(clipped) - Math.log1p(-clipped);
};
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Temperatures looked at: 1/20 to 20. */
const widest = 20;

/**
 * The temperature of least log loss, one for all classes (Guo et al., 2017, on the binary logits, as clips may show
 * several classes). The loss is convex in 1 / temperature: its slope is halved in on.
 * @param probabilities [rows, classes]
 */
export function fitTemperature(probabilities: Float64Array, labels: Uint8Array): Calibration {
  const logits = probabilities.map(logit);
  const slopeAt = (sharpness: number) =>
    logits.reduce((sum, z, i) => sum + z * (sigmoid(sharpness * z) - (labels[i] as number)), 0);
  let [low, high] = [-Math.log(widest), Math.log(widest)];
  // 40 halvings of the logarithm: the temperature is right to eleven digits.
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (slopeAt(Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return { method: 'temperature', temperature: Math.exp(-(low + high) / 2) };
}

/** Clips of the other kind that are added at either end; half of one is the estimate of Krichevsky and Trofimov (1981). */
const added = 0.5;

/**
 * One rising line a class, by pooling adjacent violators (Ayer et al., 1955; Zadrozny and Elkan, 2002). Half a clip that
 * shows the class is added at probability 0, and half a one that does not at 1: so nothing becomes impossible or certain
 * because no clip of a small dataset says otherwise, which a single mistake would pay for with a log loss of 34.
 * @param probabilities [rows, classes]
 */
export function fitIsotonic(probabilities: Float64Array, labels: Uint8Array, classes: number): Calibration {
  const rows = labels.length / classes;
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  const perClass = Array.from({ length: classes }, (_, c) => {
    const at = (row: number) => probabilities[row * classes + c] as number;
    order.sort((a, b) => at(a) - at(b) || a - b);
    const blocks: Block[] = [];
    push(blocks, { low: 0, high: 0, positives: added, clips: added });
    // Clips of one probability are one piece of evidence, whatever their order: they are counted before anything is pooled.
    for (let i = 0; i < rows;) {
      const low = at(order[i] as number);
      let [positives, clips] = [0, 0];
      for (; i < rows && at(order[i] as number) === low; i++, clips++) {
        positives += labels[(order[i] as number) * classes + c] as number;
      }
      push(blocks, { low, high: low, positives, clips });
    }
    push(blocks, { low: 1, high: 1, positives: 0, clips: added });
    return pointsOf(blocks);
  });
  return { method: 'isotonic', perClass };
}

/** Clips next to each other that get one probability. */
interface Block {
  readonly low: number;
  readonly high: number;
  readonly positives: number;
  readonly clips: number;
}

const shareOf = ({ positives, clips }: Block) => positives / clips;

/** Adds a block; blocks that do not rise, or are of one probability as those at the ends may be, become one. */
function push(blocks: Block[], block: Block): void {
  let last = block;
  for (
    let before = blocks.at(-1);
    before !== undefined && (shareOf(before) >= shareOf(last) || before.high === last.low);
    before = blocks.at(-1)
  ) {
    blocks.pop();
    last = {
      low: before.low,
      high: last.high,
      positives: before.positives + last.positives,
      clips: before.clips + last.clips,
    };
  }
  blocks.push(last);
}

function pointsOf(blocks: readonly Block[]): { from: number[]; to: number[] } {
  const points = blocks.flatMap((block) =>
    (block.low === block.high ? [block.low] : [block.low, block.high]).map((from) => ({ from, to: shareOf(block) })),
  );
  return { from: points.map((point) => point.from), to: points.map((point) => point.to) };
}

/**
 * Puts probabilities right.
 * @param probabilities [rows, classes]; NaN stays NaN
 */
export function applyCalibration(probabilities: Float64Array, calibration: Calibration): Float64Array {
  switch (calibration.method) {
    case 'none':
      return probabilities;
    case 'temperature':
      return probabilities.map((p) => sigmoid(logit(p) / calibration.temperature));
    case 'isotonic': {
      const { perClass } = calibration;
      return probabilities.map((p, cell) =>
        alongLine(p, perClass[cell % perClass.length] as { from: number[]; to: number[] }),
      );
    }
  }
}

function alongLine(
  p: number,
  { from, to }: { readonly from: readonly number[]; readonly to: readonly number[] },
): number {
  const right = firstNotBelow(from, p);
  // The line goes from 0 to 1: only NaN finds no point.
  if (right === from.length) return Number.NaN;
  const [x, y] = [from[right] as number, to[right] as number];
  if (x === p || right === 0) return y;
  const [left, below] = [from[right - 1] as number, to[right - 1] as number];
  return below + ((y - below) * (p - left)) / (x - left);
}

/** Place of the first of some rising numbers that is `p` or more; their count where none is. Halving: many clips make many points. */
function firstNotBelow(rising: readonly number[], p: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] as number) >= p) high = middle;
    else low = middle + 1;
  }
  return low;
}
