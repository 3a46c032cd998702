import type { ResolvedOptimizer } from './train-settings.ts';

/** Names of what an optimiser remembers of each weight, in the order its update takes them. */
const slotNames = { adam: ['m', 'v'], sgd: ['velocity'], rmsprop: ['meanSquare'] } as const;

/**
 * An optimiser with Keras 2.0.8's formulas; weights change in place. All it remembers is in `slots` and
 * `iterations`, so that saving these resumes it exactly.
 */
export class Optimizer {
  readonly settings: ResolvedOptimizer;
  /** Steps taken. */
  iterations = 0;
  /** `m/gru_1/kernel`: as long as the weight. */
  readonly slots = new Map<string, Float32Array>();

  constructor(settings: ResolvedOptimizer) {
    this.settings = settings;
  }

  /** One step of all weights that have a gradient. */
  step(weights: ReadonlyMap<string, Float32Array>, gradients: ReadonlyMap<string, Float32Array>): void {
    const s = this.settings;
    const rate = s.learningRate / (1 + s.decay * this.iterations);
    this.iterations++;
    for (const [name, gradient] of gradients) {
      const weight = weights.get(name) as Float32Array;
      const [first, second] = slotNames[s.kind].map((slot) => this.slot(`${slot}/${name}`, weight.length)) as [
        Float32Array,
        Float32Array,
      ];
      if (s.kind === 'adam') adam(weight, gradient, first, second, rate, s, this.iterations);
      else if (s.kind === 'sgd') sgd(weight, gradient, first, rate, s.momentum, s.nesterov);
      else rmsprop(weight, gradient, first, rate, s.rho, s.epsilon);
    }
  }

  private slot(name: string, length: number): Float32Array {
    let slot = this.slots.get(name);
    if (slot === undefined) this.slots.set(name, (slot = new Float32Array(length)));
    return slot;
  }
}

function adam(
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  rate: number,
  { beta1, beta2, epsilon }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
  t: number,
): void {
  const corrected = (rate * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
  for (let i = 0; i < w.length; i++) {
    const gradient = g[i] as number;
    const mean = beta1 * (m[i] as number) + (1 - beta1) * gradient;
    const square = beta2 * (v[i] as number) + (1 - beta2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    w[i] = (w[i] as number) - (corrected * mean) / (Math.sqrt(square) + epsilon);
  }
}

function sgd(
  w: Float32Array,
  g: Float32Array,
  velocity: Float32Array,
  rate: number,
  momentum: number,
  nesterov: boolean,
): void {
  for (let i = 0; i < w.length; i++) {
    const push = rate * (g[i] as number);
    const v = momentum * (velocity[i] as number) - push;
    velocity[i] = v;
    w[i] = (w[i] as number) + (nesterov ? momentum * v - push : v);
  }
}

function rmsprop(
  w: Float32Array,
  g: Float32Array,
  meanSquare: Float32Array,
  rate: number,
  rho: number,
  epsilon: number,
): void {
  for (let i = 0; i < w.length; i++) {
    const gradient = g[i] as number;
    const a = rho * (meanSquare[i] as number) + (1 - rho) * gradient * gradient;
    meanSquare[i] = a;
    w[i] = (w[i] as number) - (rate * gradient) / (Math.sqrt(a) + epsilon);
  }
}
