import { GraphBuilder, openSession } from '@primatrix/onnx';
import * as ort from 'onnxruntime-node';
import { profiles } from '@primatrix/contracts';
import type { BackboneFamily } from './backbone-family.ts';
import { countMultiplications } from './backbone-spec.ts';
import { openBackbone, type Backbone } from './open-backbone.ts';
import { syntheticPictures } from './synthetic-pictures.ts';
import { TorchReference } from './torch-reference.ts';

export { benchReuse, cheapestBackbone, type ReuseBench, type ReuseBenchReport } from './bench-reuse.ts';

/** What one backbone costs at one size; JSON-able. */
export interface BackboneBench {
  readonly backbone: string;
  /** Height and width, pixels. */
  readonly size: number;
  readonly batch: number;
  /** Median over the rounds, milliseconds. */
  readonly msPerFrame: number;
  /** Of the fastest round. */
  readonly fastestMs: number;
  /** The same net in PyTorch, in the same rounds; only where a reference was asked for and runs. */
  readonly reference?: { readonly msPerFrame: number; readonly fastestMs: number };
  /** Median to the reference's median. */
  readonly ratio?: number;
  /** Fastest round to the reference's fastest: other programs disturb it less. */
  readonly ratioOfFastest?: number;
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
  /** What ran beside, or in words why nothing did; only where a reference was asked for. */
  readonly reference?: string;
  readonly rows: readonly BackboneBench[];
}

/**
 * Measures milliseconds a frame of backbones, each at the sizes and batches of its profiles, in interleaved rounds, so that
 * a noisy machine disturbs all alike. The time does not depend on the weights.
 * @param options.python a Python with PyTorch, whose times are measured in the same rounds; default none
 * @throws BackboneError `BENCH_REFERENCE` where the reference ends while it is measured
 */
export async function benchBackbones(options: {
  readonly families: readonly BackboneFamily[];
  readonly threads?: number;
  readonly rounds?: number;
  readonly weightsDir: string;
  readonly python?: string;
}): Promise<BackboneBenchReport> {
  const { families, threads = 0, rounds = 5, weightsDir, python } = options;
  const bare = await matrixProduct(threads);
  const opened = new Map<string, Backbone>();
  for (const { backbone, settings } of families) {
    for (const profile of profiles) {
      const winograd = settings[profile].convolution === 'winograd';
      const key = openedAs(backbone.name, winograd);
      if (!opened.has(key)) opened.set(key, await openBackbone(backbone, { weightsDir, seed: 1, threads, winograd }));
    }
  }
  // Last, so that nothing that fails before leaves it behind.
  const reference = python === undefined ? undefined : await TorchReference.open(python, threads);
  const jobs = families.flatMap(({ backbone: { name }, settings }) =>
    profiles.map((profile) => {
      const { size, batch, convolution } = settings[profile];
      const frames = syntheticPictures(batch, size, 1);
      const backbone = opened.get(openedAs(name, convolution === 'winograd')) as Backbone;
      const run = () => backbone.run(frames, batch, size, size);
      return { backbone, size, batch, times: [] as number[], referenceTimes: [] as number[], run };
    }),
  );
  const productTimes: number[] = [];
  try {
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round++) {
      const product = await milliseconds(bare.run);
      if (round > 0) productTimes.push(product);
      for (const { backbone, size, batch, times, referenceTimes, run } of jobs) {
        const time = await milliseconds(run);
        const beside =
          reference instanceof TorchReference ? await reference.milliseconds(backbone.spec, size, batch) : null;
        if (round === 0) continue;
        times.push(time / batch);
        if (beside !== null) referenceTimes.push(beside / batch);
      }
    }
  } finally {
    await bare.release();
    for (const backbone of opened.values()) await backbone.dispose();
    if (reference instanceof TorchReference) await reference.close();
  }

  const matMulRate = bare.gigaMultiplications / (median(productTimes) / 1000);
  return {
    threads,
    matMulRate,
    ...(reference === undefined
      ? {}
      : { reference: typeof reference === 'string' ? `none: ${reference}` : reference.versions }),
    rows: jobs.map(({ backbone: { spec }, size, batch, times, referenceTimes }) => {
      const own = { msPerFrame: median(times), fastestMs: Math.min(...times) };
      const gigaMultiplications = countMultiplications(spec, size) / 1e9;
      return {
        ...{ backbone: spec.name, size, batch, ...own },
        ...(referenceTimes.length === 0 ? {} : besideReference(own, referenceTimes)),
        gigaMultiplications,
        shareOfMatMul: gigaMultiplications / (own.msPerFrame / 1000) / matMulRate,
      };
    }),
  };
}

const openedAs = (name: string, winograd: boolean) => `${name} ${winograd}`;

function besideReference(own: Pick<BackboneBench, 'msPerFrame' | 'fastestMs'>, times: readonly number[]) {
  const reference = { msPerFrame: median(times), fastestMs: Math.min(...times) };
  return {
    reference,
    ratio: own.msPerFrame / reference.msPerFrame,
    ratioOfFastest: own.fastestMs / reference.fastestMs,
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
