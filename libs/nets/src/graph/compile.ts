import { GraphBuilder } from '@primatrix/onnx';
import type { NetSpec } from '../layer-spec.ts';
import type { Value } from './value.ts';
import { checkWeights, netWeights, resolveNet, type Net, type NetLayer, type NetWeights } from '../net.ts';
import { SpecError } from '../spec-error.ts';
import { Emitter, type EmitterState, type MaskInput } from './emitter.ts';
import { graphLayers } from './graph-layers.ts';

/** A training step as an ONNX model, and what to feed and fetch. */
export interface TrainingGraph {
  /**
   * Inputs: `x` [batch, …input], `labels` [batch, classes], `sampleWeights` [batch], each weight under its
   * name, each mask. Outputs: `loss` (scalar), `grad:<weight>`, `update:<weight>` for statistics.
   */
  readonly model: Uint8Array;
  readonly nodes: number;
  readonly masks: readonly MaskInput[];
  /** Names of weights that get a gradient. */
  readonly trainable: readonly string[];
  /** Names of weights for which the step returns a new value. */
  readonly updated: readonly string[];
}

/**
 * Compiles forward part, loss (binary cross-entropy of sigmoid outputs, mean over classes and weighted mean over
 * samples) and backward part of a net into one graph. Nothing in it is drawn at random: masks are inputs.
 * @param batch samples of a step; fewer are fed by sample weights of 0
 * @throws SpecError where the net does not end in sigmoid outputs
 */
export function compileTraining(spec: NetSpec, batch: number): TrainingGraph {
  const net = withLogits(resolveNet(spec));
  const g = new GraphBuilder(net.name);
  const x = g.input('x', 'float32', [batch, ...net.input]);
  const classes = net.output.at(-1) as number;
  const labels = g.input('labels', 'float32', [batch, classes]);
  const sampleWeights = g.input('sampleWeights', 'float32', [batch]);
  const weights = netWeights(net);
  const state: EmitterState = {
    g,
    batch,
    training: true,
    gradients: new Map(),
    updates: new Map(),
    masks: [],
    weights: new Map(weights.map(({ fullName, shape }) => [fullName, g.input(fullName, 'float32', shape)])),
  };
  const tape = emitLayers(net, x, state);

  // loss = sum over samples of w/(sum of w) * mean over classes (and steps) of softplus(z) - z y
  const middle = net.output.slice(0, -1);
  const target =
    middle.length === 0 ? labels : g.node('Reshape', [labels, g.ints([batch, ...middle.map(() => 1), classes])]);
  const count = net.output.reduce((a, b) => a * b, 1);
  const share = g.node('Div', [
    sampleWeights,
    g.node('Mul', [g.node('ReduceSum', [sampleWeights], { keepdims: 0 }), g.floats(count)]),
  ]);
  const scale = g.node('Reshape', [share, g.ints([batch, ...net.output.map(() => 1)])]);
  const logits = tape.output.id;
  const terms = g.node('Sub', [g.node('Softplus', [logits]), g.node('Mul', [logits, target])]);
  const loss = g.node('ReduceSum', [g.node('Mul', [terms, scale])], { keepdims: 0 }, { name: 'loss' });
  g.output(loss, 'float32', []);
  tape.backward(g.node('Mul', [g.node('Sub', [g.node('Sigmoid', [logits]), target]), scale]));

  const trainable: string[] = [];
  const updated: string[] = [];
  for (const { fullName, shape, trainable: learns } of weights) {
    const prefix = learns === false ? 'update' : 'grad';
    const value = (learns === false ? state.updates : state.gradients).get(fullName);
    if (value === undefined) throw new Error(`nets: layer gave no ${prefix} for '${fullName}'`);
    g.output(g.node('Identity', [value], {}, { name: `${prefix}:${fullName}` }), 'float32', shape);
    (learns === false ? updated : trainable).push(fullName);
  }
  return { model: g.toBytes(), nodes: g.nodeCount, masks: state.masks, trainable, updated };
}

/**
 * The net as an ONNX model for prediction: input `x` [n, …input] float32, output `y` [n, classes] float32
 * probabilities (the mean over steps where the net judges each step); dropout removed. The same spec and
 * weights give the same bytes.
 */
export function exportInference(
  spec: NetSpec,
  weights: NetWeights,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const net = resolveNet(spec);
  checkWeights(net, weights);
  return forwardGraph(net, (g, name) => g.initializer(name, weights[name] as NetWeights[string])).toBytes({ metadata });
}

/** {@link exportInference} with the weights as inputs: scores a net while it learns. */
export function compileEvaluation(spec: NetSpec): Uint8Array {
  return forwardGraph(resolveNet(spec), (g, name, shape) => g.input(name, 'float32', shape)).toBytes();
}

function forwardGraph(
  net: Net,
  weightValue: (g: GraphBuilder, name: string, shape: readonly number[]) => string,
): GraphBuilder {
  const g = new GraphBuilder(net.name);
  const x = g.input('x', 'float32', ['n', ...net.input]);
  const state: EmitterState = {
    g,
    batch: null,
    training: false,
    gradients: new Map(),
    updates: new Map(),
    masks: [],
    weights: new Map(netWeights(net).map(({ fullName, shape }) => [fullName, weightValue(g, fullName, shape)])),
  };
  const { output } = emitLayers(net, x, state);
  const axes = net.output.slice(0, -1).map((_, i) => i + 1);
  if (axes.length === 0) g.node('Identity', [output.id], {}, { name: 'y' });
  else g.node('ReduceMean', [output.id], { axes, keepdims: 0 }, { name: 'y' });
  g.output('y', 'float32', ['n', net.output.at(-1) as number]);
  return g;
}

/** The net with its last sigmoid taken off, because the loss is computed from logits. */
export function withLogits(net: Net): Net {
  const last = net.layers.at(-1) as NetLayer;
  const { spec } = last;
  if ((spec.type !== 'Dense' && spec.type !== 'Activation') || spec.activation !== 'sigmoid') {
    throw new SpecError(
      `nets: net '${net.name}' must end in Dense or Activation with activation 'sigmoid' to be trained, its last layer is '${last.name}' (${spec.type})`,
    );
  }
  const layer: NetLayer = { ...last, spec: { ...spec, activation: 'linear' } };
  return { ...net, layers: [...net.layers.slice(0, -1), layer] };
}

function emitLayers(net: Net, input: string, state: EmitterState): { output: Value; backward(dy: string): void } {
  const tape: { learns: boolean; back(dy: string, wantInput: boolean): string | undefined }[] = [];
  let value: Value = { id: input, shape: net.input, channelsFirst: false };
  const whole = new Emitter(state, '');
  const moveChannels = (first: boolean): void => {
    const moved = whole.withChannels(value, first);
    if (moved === value) return;
    const rank = value.shape.length;
    tape.push({ learns: false, back: (dy) => whole.moveChannels(dy, rank, !first) });
    value = moved;
  };
  const regroup = (shape: readonly number[]): void => {
    moveChannels(false);
    const before = value.shape;
    tape.push({ learns: false, back: (dy) => whole.reshape(dy, before) });
    value = { id: whole.reshape(value.id, shape), shape, channelsFirst: false };
  };
  // Steps stay items of their own from one TimeDistributed layer to the next.
  let repeat: number | null = null;
  for (const layer of graphLayers(net, state.training)) {
    // Only entering and leaving changes the shape: between two such layers the number of steps stays.
    if (layer.repeat !== repeat) regroup(repeat === null ? layer.input : [repeat, ...value.shape]);
    repeat = layer.repeat;
    if (layer.channels !== 'any') moveChannels(layer.channels === 'first');
    const pass = layer.forward(value, new Emitter(state, layer.name, repeat ?? 1));
    tape.push({
      learns: layer.weights.some((weight) => weight.trainable !== false),
      back: (dy, want) => pass.backward(dy, want),
    });
    value = pass.output;
  }
  if (repeat === null) moveChannels(false);
  else regroup([repeat, ...value.shape]);
  const output = value;
  return {
    output,
    backward(dy) {
      const firstLearner = tape.findIndex((entry) => entry.learns);
      let gradient: string | undefined = dy;
      for (let i = tape.length - 1; i >= Math.max(firstLearner, 0); i--) {
        gradient = tape[i]?.back(gradient as string, i > firstLearner);
      }
    },
  };
}
