import { closeSync, fstatSync, openSync } from 'node:fs';
import type { Tensor } from '@primatrix/contracts';
import { ProtoReader } from './proto-reader.ts';

/** Fields of onnx.proto by the message that has them, and TensorProto's number of float32. */
const fields = {
  model: { graph: 7 },
  graph: { initializer: 5 },
  tensor: { dims: 1, type: 2, name: 8, raw: 9 },
} as const;
const float32 = 1;

/**
 * Reads the float32 tensors that a model was written with by `GraphBuilder.initializer`; what has another type is left out.
 * @returns tensors by name
 * @throws SessionError `ONNX_MODEL` where the file is no ONNX model or one that another program wrote; the system's error where it cannot be read
 */
export function readWeights(path: string): ReadonlyMap<string, Tensor<'float32'>> {
  const file = openSync(path, 'r');
  try {
    const reader = new ProtoReader(file, fstatSync(file).size, path);
    const tensors = new Map<string, Tensor<'float32'>>();
    for (const graph of reader.within(0, reader.size, fields.model.graph)) {
      for (const { from, to } of reader.within(graph.from, graph.to, fields.graph.initializer)) {
        if (reader.number(from, to, fields.tensor.type) !== float32) continue;
        const [name] = reader.within(from, to, fields.tensor.name);
        const [raw] = reader.within(from, to, fields.tensor.raw);
        const shape = reader.numbers(from, to, fields.tensor.dims);
        const values = shape.reduce((product, size) => product * size, 1);
        if (name === undefined || raw === undefined || raw.to - raw.from !== 4 * values) {
          throw reader.wrong('a tensor in it is not as Primatrix writes them');
        }
        const data = new Float32Array(reader.bytes(raw.from, raw.to).buffer);
        tensors.set(reader.text(name.from, name.to), { dtype: 'float32', shape, data });
      }
    }
    return tensors;
  } finally {
    closeSync(file);
  }
}
