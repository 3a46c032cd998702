import { minimise, type Slope } from './minimise.ts';
import { withProducts, type Matrix, type Products } from './products.ts';
import { checkRows, sharesOf, type LabelledRows, type Rows } from './rows.ts';

/** Strength of fitting where nothing says what is right: see {@link ProbeOptions.strength}. */
export const usualStrength = 0.1;

/** How a probe is fitted. */
export interface ProbeOptions {
  /**
   * What an error costs against large weights, above 0, as `C` of scikit-learn's LogisticRegression: what is made least is C times the
   * sum of all clips' cross-entropies, plus half the sum of squared weights. Default {@link usualStrength}.
   */
  readonly strength?: number;
  /**
   * Each class is told from the rest by itself, so that a clip may show several or none: rows of probabilities do not add to 1, and what
   * is made least has the sum of all classes' binary cross-entropies. Default: a clip's probabilities add to 1.
   */
  readonly oneAgainstRest?: boolean;
  /** Every class counts as much as the others, however many clips it has. Default: every clip does. */
  readonly balanced?: boolean;
  /** Rows that say how far each column varies, labelled or not. Default: those that are fitted to. */
  readonly scaledBy?: Rows;
  readonly signal?: AbortSignal;
}

/** Logistic regression over standardised columns. JSON can hold it, once arrays are lists. */
export interface LinearProbe {
  readonly classes: number;
  /** [width] of each column, subtracted. */
  readonly mean: Float32Array;
  /** [width] of each column, divided by. */
  readonly deviation: Float32Array;
  /** [width, classes] row-major, of standardised columns. */
  readonly weights: Float32Array;
  /** [classes]. */
  readonly bias: Float32Array;
  /** Probabilities [rows, classes]. @throws RangeError */
  predict(rows: Rows): Promise<Float64Array>;
}

/** Largest partial derivative of the mean loss at which a fit is done, and the most rounds. */
const tolerance = 1e-4;
const rounds = 200;

/**
 * Fits a linear probe: columns to mean 0 and deviation 1, then logistic regression with an L2 penalty (the bias is free), multinomial
 * unless each class is to stand by itself, minimised by L-BFGS. A class without any clip gets a probability near 0. The same input gives the same probe on one machine.
 * @throws RangeError where shapes do not fit, a number is not finite or a clip shows no class
 */
export async function fitLinearProbe(train: LabelledRows, options: ProbeOptions = {}): Promise<LinearProbe> {
  const { strength = usualStrength, oneAgainstRest = false, balanced = false, scaledBy = train, signal } = options;
  checkRows(train);
  checkRows(scaledBy);
  const { classes, width } = train;
  const scale = scaleOf(scaledBy);
  const x = standardised(train, scale);
  const shares = sharesOf(train);
  const link = oneAgainstRest ? sigmoid : softmax;
  const targets = oneAgainstRest ? Float64Array.from(train.labels) : shares;
  const weightOf = clipWeights(shares, classes, balanced);
  const point = await withProducts((products) =>
    minimise(
      (at) => slopeOf(at, { x, targets, link, weightOf, classes, strength, products }),
      startOf(shares, width, classes),
      { tolerance, rounds, ...(signal === undefined ? {} : { signal }) },
    ),
  );
  const weights = Float32Array.from(point.subarray(0, width * classes));
  const bias = Float32Array.from(point.subarray(width * classes));
  return {
    ...{ classes, ...scale, weights, bias },
    async predict(rows) {
      checkRows(rows);
      if (rows.width !== width) throw new RangeError(`few-labels: rows must be ${width} wide, got ${rows.width}`);
      const logits = await withProducts(({ times }) =>
        times(standardised(rows, scale), { shape: [width, classes], data: weights }),
      );
      return link.probabilities(logits, bias);
    },
  };
}

interface Scale {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

function scaleOf({ data, rows, width }: Rows): Scale {
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  data.forEach((value, i) => (mean[i % width] = (mean[i % width] as number) + value / rows));
  data.forEach((value, i) => {
    const off = value - (mean[i % width] as number);
    square[i % width] = (square[i % width] as number) + (off * off) / rows;
  });
  // A column that never changes says nothing, and must not be divided by 0.
  return { mean: Float32Array.from(mean), deviation: Float32Array.from(square, (value) => Math.sqrt(value) || 1) };
}

function standardised({ data, rows, width }: Rows, { mean, deviation }: Scale): Matrix {
  const scaled = data.map((value, i) => (value - (mean[i % width] as number)) / (deviation[i % width] as number));
  return { shape: [rows, width], data: scaled };
}

/** [clips], their mean 1. */
function clipWeights(shares: Float64Array, classes: number, balanced: boolean): Float64Array {
  const rows = shares.length / classes;
  if (!balanced) return new Float64Array(rows).fill(1);
  const totals = totalsOf(shares, classes);
  const shown = totals.filter((total) => total > 0).length;
  const weights = new Float64Array(rows);
  shares.forEach((share, i) => {
    const row = Math.floor(i / classes);
    if (share > 0) weights[row] = (weights[row] as number) + (share * rows) / (shown * (totals[i % classes] as number));
  });
  return weights;
}

function totalsOf(shares: Float64Array, classes: number): Float64Array {
  const totals = new Float64Array(classes);
  shares.forEach((share, i) => (totals[i % classes] = (totals[i % classes] as number) + share));
  return totals;
}

/** Weights 0, and the bias that says how frequent classes are; half a clip for those that have none. */
function startOf(shares: Float64Array, width: number, classes: number): Float64Array {
  const point = new Float64Array((width + 1) * classes);
  totalsOf(shares, classes).forEach((total, c) => (point[width * classes + c] = Math.log(Math.max(0.5, total))));
  return point;
}

interface Problem {
  readonly x: Matrix;
  /** [clips, classes]: what probabilities should be. */
  readonly targets: Float64Array;
  readonly link: Link;
  readonly weightOf: Float64Array;
  readonly classes: number;
  readonly strength: number;
  readonly products: Products;
}

/** Mean cross-entropy plus the penalty, and its gradient, at [weights, bias]. */
async function slopeOf(
  point: Float64Array,
  { x, targets, link, weightOf, classes, strength, products }: Problem,
): Promise<Slope> {
  const [rows, width] = x.shape;
  const size = width * classes;
  const weights = Float32Array.from(point.subarray(0, size));
  const bias = point.subarray(size);
  const probabilities = link.probabilities(await products.times(x, { shape: [width, classes], data: weights }), bias);
  const residual = new Float32Array(rows * classes);
  const gradient = new Float64Array(point.length);
  let value = 0;
  for (let i = 0; i < residual.length; i++) {
    const [target, p] = [targets[i] as number, probabilities[i] as number];
    const weight = (weightOf[Math.floor(i / classes)] as number) / rows;
    value += weight * link.loss(p, target);
    residual[i] = weight * (p - target);
    gradient[size + (i % classes)] = (gradient[size + (i % classes)] as number) + weight * (p - target);
  }
  const ofWeights = await products.transposedTimes(x, { shape: [rows, classes], data: residual });
  const penalty = 1 / (strength * rows);
  for (let i = 0; i < size; i++) {
    value += (penalty / 2) * (point[i] as number) ** 2;
    gradient[i] = (ofWeights[i] as number) + penalty * (point[i] as number);
  }
  return { value, gradient };
}

/** How logits become probabilities, and what an error of one of them costs; its derivative by the logit is p - target. */
interface Link {
  /** [rows, classes]; logits are without the bias. */
  probabilities(logits: Float32Array, bias: ArrayLike<number>): Float64Array;
  loss(p: number, target: number): number;
}

const logOf = (p: number) => Math.log(Math.max(p, 1e-300));

const softmax: Link = {
  loss: (p, target) => (target > 0 ? -target * logOf(p) : 0),
  probabilities(logits, bias) {
    const classes = bias.length;
    const out = new Float64Array(logits.length);
    for (let row = 0; row < logits.length; row += classes) {
      let highest = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < classes; c++) {
        out[row + c] = (logits[row + c] as number) + (bias[c] as number);
        highest = Math.max(highest, out[row + c] as number);
      }
      let total = 0;
      for (let c = 0; c < classes; c++) total += out[row + c] = Math.exp((out[row + c] as number) - highest);
      for (let c = 0; c < classes; c++) out[row + c] = (out[row + c] as number) / total;
    }
    return out;
  },
};

const sigmoid: Link = {
  loss: (p, target) => -target * logOf(p) - (1 - target) * logOf(1 - p),
  probabilities: (logits, bias) =>
    Float64Array.from(logits, (logit, i) => 1 / (1 + Math.exp(-logit - (bias[i % bias.length] as number)))),
};
