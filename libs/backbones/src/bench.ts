import { GraphBuilder, openSession } from '@primatrix/onnx';
import * as ort from 'onnxruntime-node';
import { profiles } from '@primatrix/contracts';
import type { BackboneFamily } from './backbone-family.ts';
import { countMultiplications } from './backbone-spec.ts';
import { openBackbone, type Backbone } from './open-backbone.ts';
import { syntheticPictures } from './synthetic-pictures.ts';

export { benchReuse, cheapestBackbone, type ReuseBench, type ReuseBenchReport } from './bench-reuse.ts';

/** What one backbone costs at one size; JSON-able. */
export interface BackboneBench {
  readonly backbone: string;
  /** Height and width, pixels. */
  readonly size: number;
  readonly batch: number;
  /** Median over the rounds, milliseconds. */
  readonly msPerFrame: number;
  /** Multiply-adds of a frame, in 10^9. */
  readonly gigaMultiplications: number;
  /** Multiply-adds to those of the same runtime at 1024x1024 matrices, the plain reference of the run; its large convolutions exceed them. */
  readonly shareOfMatMul: number;
}

/** Backbones beside a bare matrix product on the same machine, one row each. */
export interface BackboneBenchReport {
  readonly threads: number;
  /** Multiply-adds of the matrix product, 10^9 a second. */
  readonly matMulRate: number;
  readonly rows: readonly BackboneBench[];
}

/**
 * Measures milliseconds a frame of backbones, each at the sizes and batches of its profiles, in interleaved rounds, so that
 * a noisy machine disturbs all alike. The time does not depend on the weights.
 */
export async function benchBackbones(options: {
  readonly families: readonly BackboneFamily[];
  readonly threads?: number;
  readonly rounds?: number;
  readonly weightsDir: string;
}): Promise<BackboneBenchReport> {
  const { families, threads = 0, rounds = 5, weightsDir } = options;
  const product = await matrixProduct(threads);
  const opened = await Promise.all(
    families.map(({ backbone }) => openBackbone(backbone, { weightsDir, seed: 1, threads })),
  );
  const jobs = families.flatMap(({ settings }, i) =>
    profiles.map((profile) => {
      const { size, batch } = settings[profile];
      const frames = syntheticPictures(batch, size, 1);
      const backbone = opened[i] as Backbone;
      return { backbone, size, batch, times: [] as number[], run: () => backbone.run(frames, batch, size, size) };
    }),
  );
  const productTimes: number[] = [];
  // The first round warms up and does not count.
  for (let round = 0; round <= rounds; round++) {
    const measured = [await milliseconds(product.run)];
    for (const job of jobs) measured.push(await milliseconds(job.run));
    if (round === 0) continue;
    productTimes.push(measured[0] as number);
    jobs.forEach((job, i) => job.times.push(measured[i + 1] as number));
  }
  await product.release();
  for (const backbone of opened) await backbone.dispose();

  const matMulRate = product.gigaMultiplications / (median(productTimes) / 1000);
  return {
    threads,
    matMulRate,
    rows: jobs.map(({ backbone: { spec }, size, batch, times }) => {
      const msPerFrame = median(times) / batch;
      const gigaMultiplications = countMultiplications(spec, size) / 1e9;
      return {
        backbone: spec.name,
        size,
        batch,
        msPerFrame,
        gigaMultiplications,
        shareOfMatMul: gigaMultiplications / (msPerFrame / 1000) / matMulRate,
      };
    }),
  };
}

async function matrixProduct(
  threads: number,
): Promise<{ run: () => Promise<unknown>; release: () => Promise<void>; gigaMultiplications: number }> {
  const side = 1024;
  const graph = new GraphBuilder('product');
  const data = Float32Array.from({ length: side * side }, (_, i) => Math.sin(i));
  const a = graph.input('a', 'float32', [side, side]);
  graph.output(
    graph.node(
      'MatMul',
      [a, graph.initializer('b', { dtype: 'float32', shape: [side, side], data })],
      {},
      { name: 'c' },
    ),
    'float32',
    [side, side],
  );
  const session = await openSession(graph.toBytes(), { threads });
  const feeds = { a: new ort.Tensor('float32', data, [side, side]) };
  return { run: () => session.run(feeds), release: () => session.release(), gigaMultiplications: side ** 3 / 1e9 };
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
