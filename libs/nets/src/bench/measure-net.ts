import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { feedTensor, openSession } from '@primatrix/onnx';
import { Rng } from '@primatrix/rng';
import { openEngine } from '../engine/open-engine.ts';
import { exportInference } from '../graph/compile.ts';
import { initialize } from '../initializers.ts';
import type { NetSpec } from '../layer-spec.ts';
import { product } from '../layers/layer.ts';
import { netWeights, parameterCount, resolveNet, type NetWeights } from '../net.ts';
import { Optimizer } from '../optimizer.ts';
import { drawMask } from '../train/batch-feeder.ts';
import type { ResolvedOptimizer } from '../train-settings.ts';
import { trainingMemory } from '../training-memory.ts';
import { netFlops } from './net-flops.ts';
import { summary, type Times } from './times.ts';

/** A net to measure, with the settings that cost time or memory. */
export interface NetBenchCase {
  readonly spec: NetSpec;
  readonly batch: number;
  /** Samples computed at once, as in training. Default: the whole batch. */
  readonly microBatch?: number;
  readonly optimizer: ResolvedOptimizer;
  readonly threads: number;
  /** Rounds go on until this is over; there are at least 3 and at most 15. */
  readonly seconds: number;
}

/** What was measured; times in milliseconds, rates in 10^9 operations a second, of medians. */
export interface NetBench {
  readonly net: string;
  readonly input: readonly number[];
  readonly batch: number;
  readonly microBatch: number;
  readonly parameters: number;
  readonly threads: number;
  readonly rounds: number;
  /** Until the first step could begin: compiling and loading. */
  readonly openMs: number;
  /** One training step of the batch: masks, forward part, gradients, optimiser. */
  readonly stepMs: Times;
  /** The optimiser's part of it. */
  readonly optimizerMs: Times;
  /** Predicting the batch with the exported model, in the same pieces. */
  readonly forwardMs: Times;
  /** 10^9 operations of one step: see {@link netFlops}. */
  readonly gflop: number;
  readonly gflops: number;
  readonly forwardGflops: number;
  /** stepMs / forwardMs, of medians and of the lowest, which is what is left of the machine's noise. */
  readonly ratio: number;
  readonly ratioOfLowest: number;
  /** The same of processor time, which other programs disturb less than they do the clock. */
  readonly ratioOfCpu: number;
  readonly ratioLimit: number;
  /** Most memory that the process had held after its first steps, 10^9 bytes. */
  readonly peakGB: number;
  /** What the training plans with: see {@link trainingMemory}. */
  readonly expectedGB: number;
  readonly peakLimitGB: number;
  /** Of the machine in the last minute. */
  readonly load: number;
  readonly within: boolean;
}

/** One run: milliseconds by the clock, microseconds of processors. */
interface Measured {
  readonly wall: number;
  readonly cpu: number;
}

const peakLimitGB = 16;

/** Measures a net in this process, whose peak of memory should be nothing else's: `benchNets` starts one for each net. */
export async function measureNet({
  spec,
  batch,
  microBatch = batch,
  optimizer: settings,
  threads,
  seconds,
}: NetBenchCase): Promise<NetBench> {
  const net = resolveNet(spec);
  const pieces = batch / microBatch;
  const rng = Rng.of(1, 'bench', spec.name);
  const weights = quickWeights(spec, rng);
  const values = new Map(Object.entries(weights).map(([name, tensor]) => [name, tensor.data.slice()]));
  const x = noise(microBatch * product(net.input), rng);
  const labels = Float32Array.from({ length: microBatch * (net.output.at(-1) as number) }, () => rng.int(2));
  const optimizer = new Optimizer(settings);
  const optimizerTimes: number[] = [];

  const opened = performance.now();
  const engine = await openEngine('onnx', spec, { batch: microBatch, threads, device: 'cpu' });
  const openMs = performance.now() - opened;
  const masks = new Map(engine.masks.map(({ name, shape }) => [name, new Float32Array(product(shape))]));
  const step = async (): Promise<void> => {
    const sums = new Map<string, Float32Array>();
    for (let piece = 0; piece < pieces; piece++) {
      for (const { name, rate } of engine.masks) drawMask(masks.get(name) as Float32Array, rate, rng);
      const { gradients } = await engine.step({ x, labels, masks }, values);
      for (const [name, gradient] of gradients) add(sums, name, gradient);
    }
    const start = performance.now();
    optimizer.step(values, sums);
    optimizerTimes.push(performance.now() - start);
  };
  const timed = async (work: () => Promise<unknown>, into: Measured[]): Promise<void> => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(cpu);
    into.push({ wall: performance.now() - start, cpu: user + system });
  };
  // The first takes memory, the second reuses it.
  await step();
  await step();
  optimizerTimes.length = 0;
  const peakGB = (process.resourceUsage().maxRSS * 1024) / 1e9;

  const session = await openSession(exportInference(spec, weights), { threads });
  const feed = { x: feedTensor({ dtype: 'float32', shape: [microBatch, ...net.input], data: x }) };
  const forward = async (): Promise<void> => {
    for (let piece = 0; piece < pieces; piece++) await session.run(feed);
  };
  const steps: Measured[] = [];
  const forwards: Measured[] = [];
  try {
    await forward();
    const start = performance.now();
    while (steps.length < 3 || (steps.length < 15 && performance.now() - start < seconds * 1000)) {
      await timed(forward, forwards);
      await timed(step, steps);
    }
  } finally {
    await session.release();
    await engine.dispose();
  }
  const [stepMs, forwardMs, flops] = [
    summary(steps.map(({ wall }) => wall)),
    summary(forwards.map(({ wall }) => wall)),
    netFlops(spec),
  ];
  const [ratio, ratioOfLowest] = [stepMs.median / forwardMs.median, stepMs.lowest / forwardMs.lowest];
  const ratioOfCpu = summary(steps.map(({ cpu }) => cpu)).median / summary(forwards.map(({ cpu }) => cpu)).median;
  const ratioLimit = net.layers.some((layer) => layer.spec.type.startsWith('Conv')) ? 4 : 3.5;
  return {
    net: net.name,
    input: net.input,
    batch,
    microBatch,
    parameters: parameterCount(spec),
    threads,
    rounds: steps.length,
    openMs,
    stepMs,
    optimizerMs: summary(optimizerTimes),
    forwardMs,
    gflop: (batch * flops.training) / 1e9,
    gflops: (batch * flops.training) / stepMs.median / 1e6,
    forwardGflops: (batch * flops.forward) / forwardMs.median / 1e6,
    ratio,
    ratioOfLowest,
    ratioOfCpu,
    ratioLimit,
    peakGB,
    expectedGB: trainingMemory(spec, { batch, microBatch }) / 1e9,
    peakLimitGB,
    load: loadavg()[0] as number,
    within: ratio <= ratioLimit && peakGB <= peakLimitGB,
  };
}

/** As large as weights are, but not orthogonal, which takes minutes for thousands of units. */
function quickWeights(spec: NetSpec, rng: Rng): NetWeights {
  return Object.fromEntries(
    netWeights(resolveNet(spec)).map(({ fullName, shape, init }) => [
      fullName,
      {
        dtype: 'float32' as const,
        shape,
        data: initialize(init === 'orthogonal' ? 'glorotUniform' : init, shape, rng),
      },
    ]),
  );
}

/** Values of ±1, drawn once and repeated. */
function noise(length: number, rng: Rng): Float32Array<ArrayBuffer> {
  const x = new Float32Array(length);
  const drawn = Float32Array.from({ length: Math.min(length, 65_521) }, () => rng.between(-1, 1));
  for (let i = 0; i < length; i += drawn.length) x.set(drawn.subarray(0, length - i), i);
  return x;
}

function add(sums: Map<string, Float32Array>, name: string, gradient: Float32Array): void {
  const sum = sums.get(name);
  if (sum === undefined) sums.set(name, gradient);
  else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (gradient[i] as number);
}
