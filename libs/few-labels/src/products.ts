import { feedTensor, floatOutput, GraphBuilder, openSession, type Session } from '@primatrix/onnx';

/** Products of matrices by ONNX Runtime: some fifty times as quick as loops of JavaScript. */
export interface Products {
  /** [rows, inner] times [inner, columns]. */
  times(a: Matrix, b: Matrix): Promise<Float32Array>;
  /** The transpose of [inner, rows], times [inner, columns]. */
  transposedTimes(a: Matrix, b: Matrix): Promise<Float32Array>;
}

/** Row-major. */
export interface Matrix {
  readonly shape: readonly [rows: number, columns: number];
  readonly data: Float32Array;
}

/** One thread gives the same sums everywhere. */
const threads = 1;

/** Does work with products; what they need is released afterwards. */
export async function withProducts<T>(work: (products: Products) => Promise<T>): Promise<T> {
  const [plain, transposed] = await Promise.all([openProduct(0), openProduct(1)]);
  try {
    return await work({
      times: (a, b) => product(plain, a, b),
      transposedTimes: (a, b) => product(transposed, a, b),
    });
  } finally {
    await Promise.all([plain.release(), transposed.release()]);
  }
}

function openProduct(transA: 0 | 1): Promise<Session> {
  const g = new GraphBuilder('product');
  const a = g.input('a', 'float32', ['p', 'q']);
  const b = g.input('b', 'float32', ['r', 's']);
  g.output(g.node('Gemm', [a, b], { transA }, { name: 'y' }), 'float32', ['t', 'u']);
  return openSession(g.toBytes(), { threads });
}

async function product(session: Session, a: Matrix, b: Matrix): Promise<Float32Array> {
  const feed = ({ shape, data }: Matrix) => feedTensor({ dtype: 'float32', shape, data });
  return floatOutput(await session.run({ a: feed(a), b: feed(b) }), 'y');
}
