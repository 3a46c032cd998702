import { performance } from 'node:perf_hooks';
import { feedTensor, GraphBuilder, openSession, type Session, type SessionTensor } from '@primatrix/onnx';
import { Rng } from '@primatrix/rng';
import { compileTraining } from '../graph/compile.ts';
import type { NetSpec } from '../layer-spec.ts';
import { initialWeights } from '../net.ts';
import { netFlops } from './net-flops.ts';
import { summary, type Times } from './times.ts';

/** How often a training step is measured, and on how many threads. */
export interface TrainStepBenchOptions {
  /** Threads of one operator. Default 2. */
  readonly threads?: number;
  /** Interleaved pairs of one training step and one matrix product. Default 15. */
  readonly rounds?: number;
}

/** Figures of {@link benchTrainStep}; times in milliseconds, rates in 10^9 floating-point operations a second. */
export interface TrainStepBench {
  readonly net: string;
  readonly threads: number;
  readonly rounds: number;
  readonly nodes: number;
  /** Operations of the matrix products of one step: see {@link netFlops}. */
  readonly flops: number;
  readonly stepMs: Times;
  readonly matMulMs: Times;
  readonly gflops: number;
  readonly matMulGflops: number;
  /** gflops / matMulGflops, both of medians. */
  readonly share: number;
  /** The same of the lowest times: what is left of the machine's noise. */
  readonly shareOfLowest: number;
}

const batch = 48;
const time = 56;
const features = 512;
const units = 256;
const classes = 24;
const side = 1536;

/**
 * Times the training step (forward, loss, full back-propagation through time; not the optimiser) of GRU(256) on
 * [48, 56, 512] with Dense 24, against ONNX Runtime's own product of two square matrices of 1,536, same threads,
 * one after the other in turn.
 */
export async function benchTrainStep(options: TrainStepBenchOptions = {}): Promise<TrainStepBench> {
  const { threads = 2, rounds = 15 } = options;
  const spec: NetSpec = {
    name: 'gru-256',
    input: [time, features],
    layers: [
      { type: 'GRU', units },
      { type: 'Dense', units: classes, activation: 'sigmoid' },
    ],
  };
  const rng = Rng.of(1, 'bench');
  const draw = (shape: readonly number[], next: () => number = () => rng.between(-1, 1)): SessionTensor =>
    feedTensor({
      dtype: 'float32',
      shape,
      data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next),
    });

  const graph = compileTraining(spec, batch);
  const step = await openSession(graph.model, { threads, flushDenormals: true });
  const stepFeeds = {
    x: draw([batch, time, features]),
    labels: draw([batch, classes], () => rng.int(2)),
    sampleWeights: draw([batch], () => 1),
    ...Object.fromEntries(Object.entries(initialWeights(spec, 1)).map(([name, tensor]) => [name, feedTensor(tensor)])),
  };
  const g = new GraphBuilder('product');
  const c = g.node('MatMul', [g.input('a', 'float32', [side, side]), g.input('b', 'float32', [side, side])]);
  g.output(c, 'float32', [side, side]);
  const product = await openSession(g.toBytes(), { threads });
  const productFeeds = { a: draw([side, side]), b: draw([side, side]) };

  const timed = async (session: Session, feeds: Record<string, SessionTensor>): Promise<number> => {
    const start = performance.now();
    await session.run(feeds);
    return performance.now() - start;
  };
  const stepTimes: number[] = [];
  const productTimes: number[] = [];
  try {
    for (let round = -2; round < rounds; round++) {
      const [a, b] = [await timed(product, productFeeds), await timed(step, stepFeeds)];
      if (round < 0) continue; // the first two warm caches and memory up
      productTimes.push(a);
      stepTimes.push(b);
    }
  } finally {
    await step.release();
    await product.release();
  }
  const flops = batch * netFlops(spec).training;
  const stepMs = summary(stepTimes);
  const matMulMs = summary(productTimes);
  const gflops = flops / stepMs.median / 1e6;
  const matMulGflops = (2 * side ** 3) / matMulMs.median / 1e6;
  return {
    net: 'GRU(256) on [48, 56, 512], Dense 24, binary cross-entropy',
    threads,
    rounds,
    nodes: graph.nodes,
    flops,
    stepMs,
    matMulMs,
    gflops,
    matMulGflops,
    share: gflops / matMulGflops,
    shareOfLowest: flops / stepMs.lowest / ((2 * side ** 3) / matMulMs.lowest),
  };
}
