import { feedTensor, floatOutput, openSession, type Session, type SessionTensor } from '@primatrix/onnx';
import { compileEvaluation, compileTraining, type TrainingGraph } from '../graph/compile.ts';
import type { MaskInput } from '../graph/emitter.ts';
import type { NetSpec } from '../layer-spec.ts';
import { netWeights, resolveNet, type Net } from '../net.ts';
import type { EngineOptions, StepInput, StepOutput, TrainEngine, WeightValues } from './train-engine.ts';

/** Training steps as compiled graphs in ONNX Runtime. */
export async function openOnnxEngine(spec: NetSpec, { batch, threads, device }: EngineOptions): Promise<TrainEngine> {
  const graph = compileTraining(spec, batch);
  const step = await openSession(graph.model, { threads, device, flushDenormals: true });
  try {
    return new OnnxEngine(
      resolveNet(spec),
      batch,
      graph,
      step,
      await openSession(compileEvaluation(spec), { threads, device }),
    );
  } catch (error) {
    await step.release();
    throw error;
  }
}

class OnnxEngine implements TrainEngine {
  readonly masks: readonly MaskInput[];
  private readonly net: Net;
  private readonly batch: number;
  private readonly graph: Pick<TrainingGraph, 'trainable' | 'updated'>;
  private readonly training: Session;
  private readonly evaluation: Session;
  private readonly shapes: ReadonlyMap<string, readonly number[]>;

  constructor(
    net: Net,
    batch: number,
    { masks, trainable, updated }: TrainingGraph,
    training: Session,
    evaluation: Session,
  ) {
    this.masks = masks;
    this.net = net;
    this.batch = batch;
    // Without the model's bytes, which the session has its own copy of.
    this.graph = { trainable, updated };
    this.training = training;
    this.evaluation = evaluation;
    this.shapes = new Map(netWeights(net).map(({ fullName, shape }) => [fullName, shape]));
  }

  async step({ x, labels, masks }: StepInput, weights: WeightValues): Promise<StepOutput> {
    const { net, batch, graph } = this;
    const outputs = await this.training.run({
      x: tensorOf([batch, ...net.input], x),
      labels: tensorOf([batch, net.output.at(-1) as number], labels),
      // All count alike: passes over the data leave no gap in a batch.
      sampleWeights: tensorOf([batch], new Float32Array(batch).fill(1)),
      ...Object.fromEntries(
        this.masks.map(({ name, shape }) => [name, tensorOf(shape, masks.get(name) as Float32Array)]),
      ),
      ...this.feeds(weights),
    });
    return {
      loss: floatOutput(outputs, 'loss')[0] as number,
      gradients: new Map(graph.trainable.map((name) => [name, floatOutput(outputs, `grad:${name}`)])),
      updates: new Map(graph.updated.map((name) => [name, floatOutput(outputs, `update:${name}`)])),
    };
  }

  async predict(x: Float32Array, rows: number, weights: WeightValues): Promise<Float32Array> {
    return floatOutput(
      await this.evaluation.run({ x: tensorOf([rows, ...this.net.input], x), ...this.feeds(weights) }),
      'y',
    );
  }

  async dispose(): Promise<void> {
    await this.training.release();
    await this.evaluation.release();
  }

  private feeds(weights: WeightValues): Record<string, SessionTensor> {
    return Object.fromEntries(
      [...this.shapes].map(([name, shape]) => [name, tensorOf(shape, weights.get(name) as Float32Array)]),
    );
  }
}

function tensorOf(shape: readonly number[], data: Float32Array): SessionTensor {
  return feedTensor({ dtype: 'float32', shape, data: data as Float32Array<ArrayBuffer> });
}
