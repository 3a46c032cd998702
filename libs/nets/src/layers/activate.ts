import type { GraphBuilder } from '@primatrix/onnx';
import type { Activation } from '../layer-spec.ts';

/** An activation's nodes. The gradient of its input is `scale` times `value`: the scale goes free into a Gemm. */
export interface ActivationRule {
  readonly forward: (g: GraphBuilder, x: string) => string;
  /** @param y the activation's own output */
  readonly backward: (g: GraphBuilder, y: string, dy: string) => string;
  readonly scale: number;
}

/**
 * 1 where y > 0, else 0, for y >= 0: a hard sigmoid so steep that it is a step. Runs vectorised on all threads, which
 * Sign does not (20 times slower).
 */
export function positive(g: GraphBuilder, y: string): string {
  return g.node('HardSigmoid', [y], { alpha: { float: 1e38 }, beta: { float: 0 } });
}

export const activations: Readonly<Record<Activation, ActivationRule>> = {
  linear: { forward: (_g, x) => x, backward: (_g, _y, dy) => dy, scale: 1 },
  relu: {
    forward: (g, x) => g.node('Relu', [x]),
    backward: (g, y, dy) => g.node('Mul', [dy, positive(g, y)]),
    scale: 1,
  },
  tanh: {
    forward: (g, x) => g.node('Tanh', [x]),
    // In this order every product needs dy, so none is made early and kept in memory until then.
    backward: (g, y, dy) => g.node('Sub', [dy, g.node('Mul', [g.node('Mul', [dy, y]), y])]),
    scale: 1,
  },
  sigmoid: {
    forward: (g, x) => g.node('Sigmoid', [x]),
    backward(g, y, dy) {
      const share = g.node('Mul', [dy, y]);
      return g.node('Sub', [share, g.node('Mul', [share, y])]);
    },
    scale: 1,
  },
  hardSigmoid: {
    // y - y^2 is 0 where y is clipped and positive between.
    forward: (g, x) => g.node('HardSigmoid', [x], { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
    backward: (g, y, dy) => g.node('Mul', [dy, positive(g, g.node('Sub', [y, g.node('Mul', [y, y])]))]),
    scale: 0.2,
  },
};

/** The whole gradient, scale included: for places that have no Gemm to put it into. */
export function activationGradient(g: GraphBuilder, kind: Activation, y: string, dy: string): string {
  const rule = activations[kind];
  const value = rule.backward(g, y, dy);
  return rule.scale === 1 ? value : g.node('Mul', [value, g.floats(rule.scale)]);
}
