import { GraphBuilder } from './graph-builder.ts';
import { fixedNumbers } from './same-results.ts';

const inputShape = [2, 3, 16, 16] as const;

/** The input of {@link trialModel} in one of the fixed batches: `x` [2, 3, 16, 16]. */
export function trialInput(batch: number) {
  return { dtype: 'float32', shape: [...inputShape], data: fixedNumbers(2 * 3 * 16 * 16, batch) } as const;
}

/**
 * A small model of what nets are made of: a convolution, a matrix product, and functions of single numbers; `y` [2,
 * 10].
 */
export function trialModel(): Uint8Array {
  const graph = new GraphBuilder('trial');
  const weights = (name: string, shape: readonly number[], offset: number) =>
    graph.initializer(name, {
      dtype: 'float32',
      shape: [...shape],
      data: fixedNumbers(
        shape.reduce((product, side) => product * side, 1),
        offset,
      ),
    });
  const x = graph.input('x', 'float32', inputShape);
  const convolved = graph.node('Conv', [x, weights('kernel', [8, 3, 3, 3], 5)], {
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  });
  const flat = graph.node('Flatten', [graph.node('Relu', [convolved])], { axis: 1 });
  const product = graph.node('MatMul', [flat, weights('matrix', [8 * 8 * 8, 10], 11)]);
  graph.node('Sigmoid', [graph.node('Mul', [product, weights('scale', [10], 3)])], {}, { name: 'y' });
  graph.output('y', 'float32', [2, 10]);
  return graph.toBytes();
}
