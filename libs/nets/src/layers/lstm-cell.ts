import type { Emitter } from '../graph/emitter.ts';
import type { Activation } from '../layer-spec.ts';
import { activationGradient, activations } from './activate.ts';
import { split } from './gate-inputs.ts';

/** What differs between LSTMs: how a state turns into the sums of its gates. Axis 1 of all values holds the units. */
export interface GateSums {
  /** 1 where all four gates come out of one product, 4 where each has its own. */
  readonly parts: 1 | 4;
  /** The state as part `part`'s product takes it: masked by its dropout. */
  masked(state: string, part: number): string;
  /** Inputs' share at step `t` plus the product of the (masked) state. */
  sum(state: string, part: number, t: number): string;
  /** Gradient of the state before masking, added to `more`. */
  stateGradient(dsum: string, part: number, more: string | undefined): string;
}

export interface LstmRun {
  /** The states after each step. */
  readonly hidden: readonly string[];
  /** @param dys gradients of the states as far as they were outputs, undefined elsewhere */
  backward(dys: readonly (string | undefined)[]): LstmGradients;
}

interface LstmGradients {
  /** For each part its sums' gradients, step by step. */
  readonly sums: readonly (readonly string[])[];
  /** For each part the states its product took, step by step. */
  readonly states: readonly (readonly string[])[];
}

interface Step {
  readonly states: readonly string[];
  readonly memory: string;
  /** Input and forget gate side by side. */
  readonly inputForget: string;
  readonly input: string;
  readonly forget: string;
  readonly candidate: string;
  readonly out: string;
  /** Activation of the new memory. */
  readonly shown: string;
}

/** Unrolls m' = f m + i c, h' = o a(m'), gate order i, f, c, o, from zero states. */
export function runLstm(
  e: Emitter,
  spec: { readonly activation: Activation; readonly recurrentActivation: Activation },
  units: number,
  time: number,
  zeros: string,
  gates: GateSums,
): LstmRun {
  const { g } = e;
  const gate = spec.recurrentActivation;
  const parts = Array.from({ length: gates.parts }, (_, part) => part);
  const steps: Step[] = [];
  const hidden: string[] = [];
  let h = zeros;
  let memory = zeros;
  for (let t = 0; t < time; t++) {
    const states = parts.map((part) => gates.masked(h, part));
    const sums = states.map((state, part) => gates.sum(state, part, t));
    const [pair, c, o] =
      gates.parts === 1
        ? (split(e, sums[0] as string, [2 * units, units, units], 1) as [string, string, string])
        : ([g.node('Concat', sums.slice(0, 2), { axis: 1 }), sums[2] as string, sums[3] as string] as const);
    const inputForget = activations[gate].forward(g, pair);
    const [input, forget] = split(e, inputForget, [units, units], 1) as [string, string];
    const candidate = activations[spec.activation].forward(g, c);
    const out = activations[gate].forward(g, o);
    const next = g.node('Add', [g.node('Mul', [forget, memory]), g.node('Mul', [input, candidate])]);
    const shown = activations[spec.activation].forward(g, next);
    steps.push({ states, memory, inputForget, input, forget, candidate, out, shown });
    memory = next;
    h = g.node('Mul', [out, shown]);
    hidden.push(h);
  }

  return {
    hidden,
    backward(dys) {
      const sums: string[][] = parts.map(() => []);
      let dh = dys[time - 1] as string;
      let dmemory: string | undefined;
      for (let t = time - 1; t >= 0; t--) {
        const step = steps[t] as Step;
        const dout = activationGradient(g, gate, step.out, g.node('Mul', [dh, step.shown]));
        dmemory = e.add(dmemory, activationGradient(g, spec.activation, step.shown, g.node('Mul', [dh, step.out])));
        const dpair = g.node(
          'Concat',
          [g.node('Mul', [dmemory, step.candidate]), g.node('Mul', [dmemory, step.memory])],
          { axis: 1 },
        );
        const dinputForget = activationGradient(g, gate, step.inputForget, dpair);
        const dcandidate = activationGradient(g, spec.activation, step.candidate, g.node('Mul', [dmemory, step.input]));
        dmemory = g.node('Mul', [dmemory, step.forget]);
        const dsums =
          gates.parts === 1
            ? [g.node('Concat', [dinputForget, dcandidate, dout], { axis: 1 })]
            : [...split(e, dinputForget, [units, units], 1), dcandidate, dout];
        let dprevious = t > 0 ? dys[t - 1] : undefined;
        dsums.forEach((dsum, part) => {
          sums[part]?.unshift(dsum);
          if (t > 0) dprevious = gates.stateGradient(dsum, part, dprevious);
        });
        if (t > 0) dh = dprevious as unknown as string;
      }
      return { sums, states: parts.map((part) => steps.map((step) => step.states[part] as string)) };
    },
  };
}
