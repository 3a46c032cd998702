import type { GraphBuilder } from '@primatrix/onnx';
import type { Value } from './value.ts';

/** A dropout mask the caller must feed: values 0 or 1 / (1 - rate). */
export interface MaskInput {
  readonly name: string;
  /** With the batch. */
  readonly shape: readonly number[];
  readonly rate: number;
  /** It lies in memory as [rows, channels, …space]. */
  readonly channelsFirst: boolean;
}

/** What layers write into: the graph, and the account of weights, gradients and masks. */
export interface EmitterState {
  readonly g: GraphBuilder;
  /** Samples of a step; null where it is set at run time (prediction only). */
  readonly batch: number | null;
  readonly training: boolean;
  /** Graph value of each weight, by its full name. */
  readonly weights: ReadonlyMap<string, string>;
  readonly gradients: Map<string, string>;
  /** New values of weights that the step itself updates. */
  readonly updates: Map<string, string>;
  readonly masks: MaskInput[];
}

/** The view of one layer on the graph being written. */
export class Emitter {
  readonly g: GraphBuilder;
  readonly training: boolean;
  private readonly state: EmitterState;
  private readonly layer: string;
  private readonly repeat: number;

  /** @param repeat how many items of this layer one sample makes (time steps of a TimeDistributed) */
  constructor(state: EmitterState, layer: string, repeat = 1) {
    this.g = state.g;
    this.training = state.training;
    this.state = state;
    this.layer = layer;
    this.repeat = repeat;
  }

  /** The same layer seen by something that it applies `times` to each item. */
  repeated(times: number): Emitter {
    return new Emitter(this.state, this.layer, this.repeat * times);
  }

  /** The same layer writing into a body graph that sees `rows` items at once. */
  inside(body: GraphBuilder, rows: number): Emitter {
    return new Emitter({ ...this.state, g: body, batch: rows }, this.layer);
  }

  /** Items of this layer in one training step. */
  get rows(): number {
    return (this.state.batch ?? 1) * this.repeat;
  }

  weight(name: string): string {
    const value = this.state.weights.get(`${this.layer}/${name}`);
    if (value === undefined) throw new Error(`nets: layer ${this.layer} has no weight '${name}'`);
    return value;
  }

  gradient(name: string, value: string): void {
    this.state.gradients.set(`${this.layer}/${name}`, value);
  }

  update(name: string, value: string): void {
    this.state.updates.set(`${this.layer}/${name}`, value);
  }

  /** Declares a mask for [batch, …shape]; only in training. */
  mask(name: string, shape: readonly number[], rate: number, channelsFirst = false): string {
    const full = [this.rows, ...shape];
    const input = this.g.input(`mask:${this.layer}/${name}`, 'float32', full);
    this.state.masks.push({ name: input, shape: full, rate, channelsFirst });
    return input;
  }

  /** Same elements as [batch, …shape]; no copy. */
  reshape(x: string, shape: readonly number[]): string {
    return this.g.node('Reshape', [x, this.g.ints([-1, ...shape])]);
  }

  /** Zeros [batch, …shape]; where the batch is not known before the run, it is that of `like`. */
  zeros(shape: readonly number[], like?: string): string {
    const { g } = this;
    if (this.state.batch !== null) return g.node('ConstantOfShape', [g.ints([this.rows, ...shape])]);
    const rows = g.node('Slice', [g.node('Shape', [like ?? '']), g.ints([0]), g.ints([1])]);
    return g.node('ConstantOfShape', [g.node('Concat', [rows, g.ints(shape)], { axis: 0 })]);
  }

  add(a: string | undefined, b: string): string {
    return a === undefined ? b : this.g.node('Add', [a, b]);
  }

  /** Moves channels between last and first place; the identity where they are there. */
  withChannels(x: Value, first: boolean): Value {
    if (x.channelsFirst === first || x.shape.length < 2) return x;
    return { ...x, id: this.moveChannels(x.id, x.shape.length, first), channelsFirst: first };
  }

  /** @param rank dimensions without the batch */
  moveChannels(id: string, rank: number, first: boolean): string {
    const space = Array.from({ length: rank - 1 }, (_, i) => i + (first ? 1 : 2));
    return this.g.node('Transpose', [id], { perm: first ? [0, rank, ...space] : [0, ...space, 1] });
  }
}
