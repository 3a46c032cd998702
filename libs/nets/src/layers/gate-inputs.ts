import type { Emitter } from '../graph/emitter.ts';
import type { Value } from '../graph/value.ts';

/** The inputs' share of a recurrent layer's sums. */
export interface GateInputs {
  /** One list of [n, width] values, a time step each, for every part. */
  readonly steps: readonly (readonly string[])[];
  /**
   * Reports the gradients of kernel and bias, and returns that of the input.
   * @param rows for every part the gradients of its sums, all steps, as [n * t, width], still to be multiplied by `scale`
   */
  backward(rows: readonly string[], scales: readonly number[], wantInput: boolean): string | undefined;
}

/**
 * x W + b of all time steps at once: one large Gemm a part, cut into steps without moving anything around
 * (rows stay in [n, t] order, so that a step is a column block of [n, t * width]).
 * @param widths sizes of the parts, in the kernel's column order; parts are what later takes one recurrent Gemm
 * @param bias [sum of widths], or undefined
 * @param dropout share of inputs dropped, one mask a sequence and part
 * @param reportBias takes the gradient of the bias, [sum of widths]
 */
export function gateInputs(
  e: Emitter,
  x: Value,
  widths: readonly number[],
  bias: string | undefined,
  dropout: number,
  reportBias: (gradient: string) => void,
): GateInputs {
  const { g } = e;
  const [time, features] = x.shape as [number, number];
  const sizes = g.ints(widths);
  const kernels = split(e, e.weight('kernel'), widths, 1);
  const biases =
    bias === undefined
      ? undefined
      : widths.length === 1
        ? [bias]
        : g.nodeN('Split', [bias, sizes], widths.length, { axis: 0 });
  const masks = dropout > 0 ? widths.map((_, part) => e.mask(`inputs_${part}`, [1, features], dropout)) : undefined;
  const plainRows = e.reshape(x.id, [features]);
  const inputs = widths.map((_, part) =>
    masks === undefined ? plainRows : e.reshape(g.node('Mul', [x.id, masks[part] as string]), [features]),
  );
  const steps = widths.map((width, part) => {
    const terms = [inputs[part] as string, kernels[part] as string];
    const sums = g.node('Gemm', biases === undefined ? terms : [...terms, biases[part] as string]);
    return splitSteps(e, sums, time, width);
  });
  return {
    steps,
    backward(rows, scales, wantInput) {
      const dkernels = rows.map((d, part) =>
        g.node('Gemm', [inputs[part] as string, d], { transA: 1, alpha: { float: scales[part] as number } }),
      );
      e.gradient('kernel', concat(e, dkernels, 1));
      if (bias !== undefined) {
        reportBias(
          concat(
            e,
            rows.map((d, part) => columnSums(e, d, scales[part] as number)),
            0,
          ),
        );
      }
      if (!wantInput) return undefined;
      let dx: string | undefined;
      rows.forEach((d, part) => {
        const attributes = { transB: 1, alpha: { float: scales[part] as number } };
        const terms = [d, kernels[part] as string];
        if (masks === undefined) {
          dx = g.node('Gemm', dx === undefined ? terms : [...terms, dx], attributes);
        } else {
          const masked = g.node('Mul', [e.reshape(g.node('Gemm', terms, attributes), x.shape), masks[part] as string]);
          dx = e.add(dx, masked);
        }
      });
      return masks === undefined ? e.reshape(dx as unknown as string, x.shape) : dx;
    },
  };
}

/** Cuts along an axis; the identity for one part. */
export function split(e: Emitter, value: string, sizes: readonly number[], axis: number): string[] {
  return sizes.length === 1 ? [value] : e.g.nodeN('Split', [value, e.g.ints(sizes)], sizes.length, { axis });
}

/** Joins along an axis; the identity for one part. */
export function concat(e: Emitter, values: readonly string[], axis: number): string {
  return values.length === 1 ? (values[0] as string) : e.g.node('Concat', values, { axis });
}

/** [n * t, width] in [n, t] order, or [n, t, width], as t values [n, width]. */
export function splitSteps(e: Emitter, rows: string, time: number, width: number): string[] {
  return split(
    e,
    e.reshape(rows, [time * width]),
    Array.from({ length: time }, () => width),
    1,
  );
}

/** The inverse of {@link splitSteps}: [n * t, width]. */
export function joinSteps(e: Emitter, steps: readonly string[], width: number): string {
  return e.reshape(concat(e, steps, 1), [width]);
}

/** scale times the sum of all rows: a bias' gradient. */
export function columnSums(e: Emitter, rows: string, scale: number): string {
  const sums = e.g.node('ReduceSum', [rows, e.g.ints([0])], { keepdims: 0 });
  return scale === 1 ? sums : e.g.node('Mul', [sums, e.g.floats(scale)]);
}
