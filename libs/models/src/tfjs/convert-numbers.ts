import { wholeNumbers, type Conversion, type Convert } from './conversion.ts';

/** TensorProto.DataType of ONNX for the types of TensorFlow.js. */
const onnxTypes: Readonly<Record<string, number>> = { DT_FLOAT: 1, DT_INT32: 6, DT_BOOL: 9 };
const int32 = 6;
const float64 = 11;

const same =
  (op: string): Convert =>
  ({ graph, input, node }) =>
    graph.node(
      op,
      node.input.map((_, i) => input(i)),
    );

/** Operations on numbers, and on how they lie. */
export const numberConversions: Readonly<Record<string, Convert>> = {
  Identity: same('Identity'),
  Add: same('Add'),
  AddV2: same('Add'),
  Sub: same('Sub'),
  Mul: same('Mul'),
  Equal: same('Equal'),
  Relu: same('Relu'),
  Sigmoid: same('Sigmoid'),
  Relu6: ({ graph, input }) => graph.node('Clip', [input(0), graph.floats(0), graph.floats(6)]),
  // Rounded down, where ONNX's Div rounds whole numbers towards 0: float64 holds every int32.
  FloorDiv: (conversion) => {
    const { graph, input } = conversion;
    mustBeWhole(conversion);
    const [a, b] = [0, 1].map((i) => graph.node('Cast', [input(i)], { to: float64 })) as [string, string];
    return graph.node('Cast', [graph.node('Floor', [graph.node('Div', [a, b])])], { to: int32 });
  },
  // The sign is the divisor's in both.
  FloorMod: (conversion) => {
    mustBeWhole(conversion);
    return same('Mod')(conversion);
  },
  Cast: ({ graph, input, node, refuse }) => {
    const type = node.attr['DstT']?.type;
    const to = onnxTypes[String(type)];
    if (to === undefined) throw refuse(`makes numbers of type ${type}, which are not known here`);
    return graph.node('Cast', [input(0)], { to });
  },
  Mean: (conversion) => {
    const { graph, input, node } = conversion;
    const keepdims = node.attr['keep_dims']?.b === true ? 1 : 0;
    return graph.node('ReduceMean', [input(0)], { axes: wholeNumbers(conversion, 1), keepdims });
  },
  ConcatV2: (conversion) => {
    const { graph, input, node } = conversion;
    const last = node.input.length - 1;
    const values = Array.from({ length: last }, (_, i) => input(i));
    return graph.node('Concat', values, { axis: onlyNumber(conversion, last) });
  },
  Reshape: (conversion) =>
    conversion.graph.node('Reshape', [conversion.input(0), conversion.graph.ints(wholeNumbers(conversion, 1))]),
  ExpandDims: (conversion) =>
    conversion.graph.node('Unsqueeze', [conversion.input(0), conversion.graph.ints(wholeNumbers(conversion, 1))]),
  GatherV2: (conversion) => {
    const { graph, input, node, refuse } = conversion;
    if ((node.attr['batch_dims']?.i ?? 0) !== 0) throw refuse('gathers by batch, which is not known here');
    return graph.node('Gather', [input(0), input(1)], { axis: onlyNumber(conversion, 2) });
  },
  TopKV2: (conversion) => {
    const { graph, input } = conversion;
    const count = onlyNumber(conversion, 1);
    const [values, indices] = graph.nodeN('TopK', [input(0), graph.ints([count])], 2) as [string, string];
    return [values, graph.node('Cast', [indices], { to: int32 })];
  },
  StridedSlice: (conversion) => {
    const { graph, input, node, refuse } = conversion;
    const mask = (name: string) => node.attr[name]?.i ?? 0;
    if (mask('ellipsis_mask') !== 0 || mask('new_axis_mask') !== 0) {
      throw refuse('slices with an ellipsis or a new axis, which is not known here');
    }
    const [begin, end, steps] = [1, 2, 3].map((i) => wholeNumbers(conversion, i)) as [number[], number[], number[]];
    const axes = begin.map((_, axis) => axis);
    const masked = (name: string, axis: number) => ((mask(name) >> axis) & 1) === 1;
    const gone = axes.filter((axis) => masked('shrink_axis_mask', axis));
    // Of an axis that goes, one is taken, whatever the end says; far ends stand for those left open.
    const starts = begin.map((at, axis) => {
      if (!masked('begin_mask', axis) || gone.includes(axis)) return at;
      return (steps[axis] as number) < 0 ? far : 0;
    });
    const ends = end.map((at, axis) => {
      if (gone.includes(axis)) return begin[axis] === -1 ? far : (begin[axis] as number) + 1;
      if (!masked('end_mask', axis)) return at;
      return (steps[axis] as number) < 0 ? -far : far;
    });
    const slice = graph.node('Slice', [input(0), ...[starts, ends, axes, steps].map((list) => graph.ints(list))]);
    return gone.length === 0 ? slice : graph.node('Squeeze', [slice, graph.ints(gone)]);
  },
};

const far = 2 ** 31 - 1;

function onlyNumber(conversion: Conversion, index: number): number {
  const [number, ...more] = wholeNumbers(conversion, index);
  if (number === undefined || more.length > 0) throw conversion.refuse(`must have one number as input ${index}`);
  return number;
}

function mustBeWhole({ node, refuse }: Conversion): void {
  if (node.attr['T']?.type !== 'DT_INT32') throw refuse('must be of whole numbers');
}
