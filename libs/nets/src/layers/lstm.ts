import type { Emitter } from '../graph/emitter.ts';
import type { LayerOf } from '../layer-spec.ts';
import { concat, gateInputs, joinSteps, split, splitSteps } from './gate-inputs.ts';
import type { Value } from '../graph/value.ts';
import { requireRank, type Layer } from './layer.ts';
import { runLstm } from './lstm-cell.ts';
import { recurrentOperator } from './recurrent-operator.ts';

/**
 * Long short-term memory. Gate order i, f, c, o in kernel [in, 4 units], recurrent_kernel [units, 4 units] and bias
 * [4 units]. m' = f m + i tanh(xWc + hUc), h' = o tanh(m').
 */
export const lstm: Layer<LayerOf<'LSTM'>> = {
  channels: 'last',
  shape(spec, input) {
    requireRank(input, 2);
    return spec.returnSequences ? [input[0] as number, spec.units] : [spec.units];
  },
  weights: (spec, input) => [
    { name: 'kernel', shape: [input[1] as number, 4 * spec.units], init: 'glorotUniform' },
    { name: 'recurrent_kernel', shape: [spec.units, 4 * spec.units], init: 'orthogonal' },
    ...(spec.useBias
      ? [{ name: 'bias', shape: [4 * spec.units], init: spec.unitForgetBias ? 'unitForget' : 'zeros' } as const]
      : []),
  ],
  forward(spec, x, e) {
    if (!e.training) return { output: predict(spec, x, e), backward: () => undefined };
    const { g } = e;
    const { units } = spec;
    const time = x.shape[0] as number;
    const dropsState = spec.recurrentDropout > 0;
    // Masks differ from gate to gate, so masked gates cannot share one product.
    const parts = dropsState || spec.dropout > 0 ? 4 : 1;
    const widths = parts === 4 ? [units, units, units, units] : [4 * units];
    const masks = dropsState
      ? widths.map((_, part) => e.mask(`state_${part}`, [units], spec.recurrentDropout))
      : undefined;
    const masked = (value: string, part: number) =>
      masks === undefined ? value : g.node('Mul', [value, masks[part] as string]);
    const inputs = gateInputs(e, x, widths, spec.useBias ? e.weight('bias') : undefined, spec.dropout, (db) =>
      e.gradient('bias', db),
    );
    const kernels = split(e, e.weight('recurrent_kernel'), widths, 1);

    const run = runLstm(e, spec, units, time, e.zeros([units]), {
      parts,
      masked,
      sum: (state, part, t) => g.node('Gemm', [state, kernels[part] as string, inputs.steps[part]?.[t] as string]),
      stateGradient(dsum, part, more) {
        const terms = [dsum, kernels[part] as string];
        if (masks === undefined) return g.node('Gemm', more === undefined ? terms : [...terms, more], { transB: 1 });
        return e.add(more, masked(g.node('Gemm', terms, { transB: 1 }), part));
      },
    });
    const output: Value = spec.returnSequences
      ? { id: e.reshape(concat(e, run.hidden, 1), [time, units]), shape: [time, units], channelsFirst: false }
      : { id: run.hidden.at(-1) as string, shape: [units], channelsFirst: false };

    return {
      output,
      backward(dy, wantInput) {
        const dys = spec.returnSequences
          ? splitSteps(e, dy, time, units)
          : run.hidden.map((_, t) => (t === time - 1 ? dy : undefined));
        const { sums, states } = run.backward(dys);
        const rows = sums.map((list, part) => joinSteps(e, list, widths[part] as number));
        const dkernels = rows.map((row, part) =>
          g.node('Gemm', [joinSteps(e, states[part] as string[], units), row], { transA: 1 }),
        );
        e.gradient('recurrent_kernel', concat(e, dkernels, 1));
        return inputs.backward(
          rows,
          widths.map(() => 1),
          wantInput,
        );
      },
    };
  },
};

function predict(spec: LayerOf<'LSTM'>, x: Value, e: Emitter): Value {
  const { units } = spec;
  const widths = [units, units, units, units];
  /** Keras' order i, f, c, o in ONNX' order i, o, f, c. */
  const gates = (value: string, axis: number) => {
    const [i, f, c, o] = split(e, value, widths, axis) as [string, string, string, string];
    return [i, o, f, c];
  };
  const zeros = e.g.floats(Array.from({ length: 4 * units }, () => 0));
  return recurrentOperator(e, x, {
    op: 'LSTM',
    units,
    returnSequences: spec.returnSequences,
    kernels: gates(e.weight('kernel'), 1),
    recurrentKernels: gates(e.weight('recurrent_kernel'), 1),
    biases: [spec.useBias ? concat(e, gates(e.weight('bias'), 0), 0) : zeros, zeros],
    activations: [spec.recurrentActivation, spec.activation, spec.activation],
  });
}
