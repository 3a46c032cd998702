import type { Emitter } from '../graph/emitter.ts';
import type { LayerOf } from '../layer-spec.ts';
import { activationGradient, activations } from './activate.ts';
import { columnSums, concat, gateInputs, joinSteps, split, splitSteps } from './gate-inputs.ts';
import type { Value } from '../graph/value.ts';
import { requireRank, type Layer } from './layer.ts';
import { recurrentOperator } from './recurrent-operator.ts';

type Spec = LayerOf<'GRU'>;

/** What one time step leaves for the way back. */
interface Step {
  readonly h: string;
  /** Update and reset gate, as one value [n, 2 units] or apart. */
  readonly gates: readonly string[];
  readonly z: string;
  readonly r: string;
  /** What the gates' and the candidate's recurrent weights were multiplied with. */
  readonly gateStates: readonly string[];
  readonly candidateState: string;
  /** resetAfter: the candidate's recurrent product before the reset gate. */
  readonly product: string | undefined;
  readonly candidate: string;
  readonly difference: string;
}

/**
 * Gated recurrent unit. Gate order z, r, h in kernel [in, 3 units] and recurrent_kernel [units, 3 units];
 * bias [3 units], or [2, 3 units] (inputs, recurrent) with resetAfter.
 * z = s(xWz + hUz), r = s(xWr + hUr), c = tanh(xWc + (r h)Uc) or tanh(xWc + r (hUc + b)), h' = z h + (1 - z) c.
 */
export const gru: Layer<Spec> = {
  channels: 'last',
  shape(spec, input) {
    requireRank(input, 2);
    return spec.returnSequences ? [input[0] as number, spec.units] : [spec.units];
  },
  weights: (spec, input) => [
    { name: 'kernel', shape: [input[1] as number, 3 * spec.units], init: 'glorotUniform' },
    { name: 'recurrent_kernel', shape: [spec.units, 3 * spec.units], init: 'orthogonal' },
    ...(spec.useBias
      ? [{ name: 'bias', shape: spec.resetAfter ? [2, 3 * spec.units] : [3 * spec.units], init: 'zeros' } as const]
      : []),
  ],
  forward(spec, x, e) {
    if (!e.training) return { output: predict(spec, x, e), backward: () => undefined };
    const { g } = e;
    const { units } = spec;
    const time = x.shape[0] as number;
    const rule = activations[spec.recurrentActivation];
    const dropsState = spec.recurrentDropout > 0;
    // Masks differ from gate to gate, so masked gates cannot share one product.
    const apart = dropsState || spec.dropout > 0;
    const widths = apart ? [units, units, units] : [2 * units, units];
    const gateParts = widths.length - 1;
    const masks = dropsState
      ? widths.map((_, part) => e.mask(`state_${part}`, [units], spec.recurrentDropout))
      : undefined;
    const masked = (value: string, part: number) =>
      masks === undefined ? value : g.node('Mul', [value, masks[part] as string]);

    const biases = readBiases(spec, e);
    let recurrentBiasGradient: string | undefined;
    const inputs = gateInputs(e, x, widths, biases.inputs, spec.dropout, (db) =>
      e.gradient('bias', biasGradient(e, db, units, recurrentBiasGradient)),
    );
    const kernels = split(e, e.weight('recurrent_kernel'), widths, 1);
    const candidateKernel = kernels[gateParts] as string;

    const steps: Step[] = [];
    let h = e.zeros([units]);
    for (let t = 0; t < time; t++) {
      const gateStates = widths.slice(0, -1).map((_, part) => masked(h, part));
      const gates = gateStates.map((state, part) =>
        rule.forward(g, g.node('Gemm', [state, kernels[part] as string, inputs.steps[part]?.[t] as string])),
      );
      const [z, r] = (apart ? gates : split(e, gates[0] as string, [units, units], 1)) as [string, string];
      const input = inputs.steps[gateParts]?.[t] as string;
      let candidateState: string;
      let product: string | undefined;
      let sum: string;
      if (spec.resetAfter) {
        candidateState = masked(h, gateParts);
        product = g.node(
          'Gemm',
          biases.candidate === undefined
            ? [candidateState, candidateKernel]
            : [candidateState, candidateKernel, biases.candidate],
        );
        sum = g.node('Add', [input, g.node('Mul', [r, product])]);
      } else {
        candidateState = masked(g.node('Mul', [r, h]), gateParts);
        sum = g.node('Gemm', [candidateState, candidateKernel, input]);
      }
      const candidate = activations[spec.activation].forward(g, sum);
      const difference = g.node('Sub', [h, candidate]);
      steps.push({ h, gates, z, r, gateStates, candidateState, product, candidate, difference });
      h = g.node('Add', [candidate, g.node('Mul', [z, difference])]);
    }

    const states = [...steps.slice(1).map((step) => step.h), h];
    const output: Value = spec.returnSequences
      ? { id: e.reshape(concat(e, states, 1), [time, units]), shape: [time, units], channelsFirst: false }
      : { id: h, shape: [units], channelsFirst: false };

    const backward = (dy: string, wantInput: boolean) => {
      const dys = spec.returnSequences ? splitSteps(e, dy, time, units) : undefined;
      // Gradients of the sums of each part, step by step; filled from the last step to the first.
      const dsums: string[][] = widths.map(() => []);
      const dproducts: string[] = [];
      let dh = dys === undefined ? dy : (dys[time - 1] as string);
      for (let t = time - 1; t >= 0; t--) {
        const step = steps[t] as Step;
        const dz = g.node('Mul', [dh, step.difference]);
        let dprevious = g.node('Mul', [dh, step.z]);
        const dcandidate = activationGradient(g, spec.activation, step.candidate, g.node('Sub', [dh, dprevious]));
        dsums[gateParts]?.unshift(dcandidate);
        let dr: string;
        if (step.product !== undefined) {
          const dproduct = g.node('Mul', [dcandidate, step.r]);
          dproducts.unshift(dproduct);
          dr = g.node('Mul', [dcandidate, step.product]);
          dprevious = g.node('Add', [
            dprevious,
            masked(g.node('Gemm', [dproduct, candidateKernel], { transB: 1 }), gateParts),
          ]);
        } else {
          const dreset = masked(g.node('Gemm', [dcandidate, candidateKernel], { transB: 1 }), gateParts);
          dr = g.node('Mul', [dreset, step.h]);
          dprevious = g.node('Add', [dprevious, g.node('Mul', [dreset, step.r])]);
        }
        const dgates = apart ? [dz, dr] : [g.node('Concat', [dz, dr], { axis: 1 })];
        dgates.forEach((dgate, part) => {
          const dsum = rule.backward(g, step.gates[part] as string, dgate);
          dsums[part]?.unshift(dsum);
          if (t === 0) return;
          const terms = [dsum, kernels[part] as string];
          const attributes = { transB: 1, alpha: { float: rule.scale } };
          dprevious =
            masks === undefined
              ? g.node('Gemm', [...terms, dprevious], attributes)
              : g.node('Add', [dprevious, masked(g.node('Gemm', terms, attributes), part)]);
        });
        dh = dys === undefined || t === 0 ? dprevious : g.node('Add', [dprevious, dys[t - 1] as string]);
      }

      const rows = dsums.map((list, part) => joinSteps(e, list, widths[part] as number));
      const productRows = spec.resetAfter ? joinSteps(e, dproducts, units) : (rows[gateParts] as string);
      const dkernels = widths.map((_, part) => {
        const isCandidate = part === gateParts;
        const states = joinSteps(
          e,
          steps.map((step) => (isCandidate ? step.candidateState : (step.gateStates[part] as string))),
          units,
        );
        return g.node('Gemm', [states, isCandidate ? productRows : (rows[part] as string)], {
          transA: 1,
          alpha: { float: isCandidate ? 1 : rule.scale },
        });
      });
      e.gradient('recurrent_kernel', concat(e, dkernels, 1));
      if (biases.candidate !== undefined) recurrentBiasGradient = columnSums(e, productRows, 1);
      return inputs.backward(
        rows,
        widths.map((_, part) => (part === gateParts ? 1 : rule.scale)),
        wantInput,
      );
    };
    return { output, backward };
  },
};

function predict(spec: Spec, x: Value, e: Emitter): Value {
  const { g } = e;
  const zeros = () => g.floats(Array.from({ length: 3 * spec.units }, () => 0));
  const bias = spec.useBias ? e.weight('bias') : zeros();
  const rows = spec.resetAfter && spec.useBias ? g.nodeN('Split', [bias, g.ints([1, 1])], 2, { axis: 0 }) : undefined;
  const [ofInputs, recurrent] =
    rows === undefined ? [bias, zeros()] : rows.map((row) => g.node('Squeeze', [row, g.ints([0])]));
  return recurrentOperator(e, x, {
    op: 'GRU',
    units: spec.units,
    returnSequences: spec.returnSequences,
    kernels: [e.weight('kernel')],
    recurrentKernels: [e.weight('recurrent_kernel')],
    biases: [ofInputs as string, recurrent as string],
    activations: [spec.recurrentActivation, spec.activation],
    attributes: { linear_before_reset: spec.resetAfter ? 1 : 0 },
  });
}

/** The bias of the inputs' sums and, with resetAfter, the one inside the reset: the gates' two can be added up. */
function readBiases(
  spec: Spec,
  e: Emitter,
): { readonly inputs: string | undefined; readonly candidate: string | undefined } {
  if (!spec.useBias) return { inputs: undefined, candidate: undefined };
  const bias = e.weight('bias');
  if (!spec.resetAfter) return { inputs: bias, candidate: undefined };
  const { units } = spec;
  const { g } = e;
  const [ofInputs, recurrent] = g.nodeN('Split', [bias, g.ints([1, 1])], 2, { axis: 0 }) as [string, string];
  const [gates, candidate] = g.nodeN(
    'Split',
    [g.node('Squeeze', [recurrent, g.ints([0])]), g.ints([2 * units, units])],
    2,
    { axis: 0 },
  ) as [string, string];
  const gatesOnly = g.node('Concat', [gates, g.floats(Array.from({ length: units }, () => 0))], { axis: 0 });
  return { inputs: g.node('Add', [g.node('Squeeze', [ofInputs, g.ints([0])]), gatesOnly]), candidate };
}

/** [3 units], or [2, 3 units] where the gates share their gradient and the candidate has its own in the second row. */
function biasGradient(e: Emitter, ofInputs: string, units: number, ofCandidate: string | undefined): string {
  if (ofCandidate === undefined) return ofInputs;
  const { g } = e;
  const gates = g.node('Slice', [ofInputs, g.ints([0]), g.ints([2 * units])]);
  return g.node('Reshape', [g.node('Concat', [ofInputs, gates, ofCandidate], { axis: 0 }), g.ints([2, 3 * units])]);
}
