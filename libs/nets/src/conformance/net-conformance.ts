import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { PrimatrixError, type Tensor } from '@primatrix/contracts';
import { Rng } from '@primatrix/rng';
import { exportInference } from '../graph/compile.ts';
import type { NetSpec } from '../layer-spec.ts';
import { initialWeights, resolveNet } from '../net.ts';
import { binaryCrossEntropy, predictNet } from '../predict-net.ts';
import { runTraining } from '../train/run-training.ts';
import type { Sample } from '../train/sample.ts';
import { checkGradients, inputScale, type GradientCheck } from './check-gradients.ts';

/** A net breaks one of the promises that all nets make. `fields.check` names it. */
export class ConformanceError extends PrimatrixError {}

/** How long and how fast the net learns in the check, and what it is exempt from. */
export interface ConformanceOptions {
  /** Training steps in which the loss must fall. Default 12. */
  readonly steps?: number;
  /** Adam's rate. Default 0.003. */
  readonly learningRate?: number;
  /** Checks that do not hold for this net, with the reason. */
  readonly exempt?: Readonly<Partial<Record<ConformanceCheck, string>>>;
}

/** What is checked, in this order. */
export const conformanceChecks = ['json', 'seed', 'shapes', 'gradients', 'learns', 'repeats', 'reloads'] as const;
/** One of {@link conformanceChecks}. */
export type ConformanceCheck = (typeof conformanceChecks)[number];

/**
 * Checks what every net promises: its spec is JSON; the same seed gives the same bytes, another one others; a
 * sample's prediction does not depend on the batch it is in; gradients fit the loss; the loss falls on 32 samples,
 * twice to the same weights; the written model predicts the same again. Give it a small input.
 * @returns the checks that were made
 * @throws ConformanceError
 */
export async function netConformance(spec: NetSpec, options: ConformanceOptions = {}): Promise<ConformanceCheck[]> {
  const net = resolveNet(spec);
  const classes = net.output.at(-1) as number;
  const samples = learnableSamples(net.input, classes, 32, inputScale(net));
  const predict = (model: Uint8Array | string, of: readonly Sample[]) =>
    predictNet(model, of, { input: net.input, classes, threads: 1 });
  const train = () =>
    runTraining({
      spec,
      seed: 1,
      train: samples,
      valid: samples,
      threads: 1,
      settings: {
        optimizer: { kind: 'adam', learningRate: options.learningRate ?? 0.003 },
        batch: 8,
        stepsPerEpoch: Math.ceil((options.steps ?? 12) / 3),
        maxEpochs: 3,
        patience: 3,
      },
    });
  let trained: Awaited<ReturnType<typeof train>> | undefined;

  const checks: Readonly<Record<ConformanceCheck, () => Promise<string | undefined>>> = {
    json: async () =>
      isDeepStrictEqual(resolveNet(JSON.parse(JSON.stringify(spec)) as NetSpec), net)
        ? undefined
        : 'the spec must survive JSON',
    seed: async () => {
      const [first, again, other] = [1, 1, 2].map((seed) => exportInference(spec, initialWeights(spec, seed))) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ];
      if (!isDeepStrictEqual(first, again)) return 'the same seed must give the same bytes';
      return isDeepStrictEqual(first, other) ? 'another seed must give other bytes' : undefined;
    },
    shapes: async () => {
      const model = exportInference(spec, initialWeights(spec, 1));
      const few = samples.slice(0, 3);
      const together = await predict(model, few);
      if (together.length !== 3 * classes) {
        return `3 samples must give ${3 * classes} probabilities, got ${together.length}`;
      }
      if (!together.every((p) => p >= 0 && p <= 1)) return 'outputs must be probabilities';
      for (const [i, sample] of few.entries()) {
        const alone = await predict(model, [sample]);
        if (!alone.every((p, c) => Math.abs(p - (together[i * classes + c] as number)) < 1e-5)) {
          return `sample ${i} must get the same alone and in a batch`;
        }
      }
      return undefined;
    },
    gradients: async () => {
      const found = await checkGradients(spec);
      if (found.length === 0) return 'some gradient must be large enough to be measured';
      // Gradients far smaller than the net's largest drown in the kinks of relu and max-pools: they need not fit as well.
      const floor = 0.1 * Math.max(...found.map((check) => check.compiled));
      const off = ({ measured, compiled }: GradientCheck) => Math.abs(measured - compiled) / Math.max(compiled, floor);
      const worst = found.reduce((a, b) => (off(b) > off(a) ? b : a));
      return off(worst) < 0.05
        ? undefined
        : `the gradient of ${worst.weight} must fit the loss, got a slope of ${worst.compiled} for ${worst.measured}`;
    },
    learns: async () => {
      trained = await train();
      const before = binaryCrossEntropy(
        await predict(exportInference(spec, initialWeights(spec, 1)), samples),
        samples,
        classes,
      );
      return trained.bestValidLoss < before
        ? undefined
        : `the loss must fall, got ${before} then ${trained.bestValidLoss}`;
    },
    repeats: async () => {
      const [first, again] = [trained ?? (await train()), await train()];
      return isDeepStrictEqual(first.weights, again.weights) ? undefined : 'training twice must give the same weights';
    },
    reloads: async () => {
      const { weights } = trained ?? (await train());
      const folder = await mkdtemp(join(tmpdir(), 'primatrix-net-'));
      try {
        const path = join(folder, 'net.onnx');
        const model = exportInference(spec, weights);
        await writeFile(path, model);
        return isDeepStrictEqual(await predict(path, samples), await predict(model, samples))
          ? undefined
          : 'the written model must predict the same';
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
  const made = conformanceChecks.filter((check) => options.exempt?.[check] === undefined);
  for (const check of made) {
    const fault = await checks[check]();
    if (fault !== undefined) {
      throw new ConformanceError('NET_CONFORMANCE', `nets: net ${net.name}, check '${check}': ${fault}`, {
        fields: { net: net.name, check },
      });
    }
  }
  return made;
}

/** Noise of about ±`scale` whose mean tells the classes: even a small net learns it in a few steps. */
export function learnableSamples(input: readonly number[], classes: number, count: number, scale = 1): Sample[] {
  const rng = Rng.of(1, 'learnable samples');
  const size = input.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, i) => {
    const kind = i % classes;
    const level = classes === 1 ? 1 : kind / (classes - 1) - 0.5;
    const tensor: Tensor = {
      dtype: 'float32',
      shape: input,
      data: Float32Array.from({ length: size }, () => scale * (level + rng.between(-0.2, 0.2))),
    };
    return { id: `sample-${i}`, tensor, labels: Uint8Array.from({ length: classes }, (_c, c) => Number(c === kind)) };
  });
}
