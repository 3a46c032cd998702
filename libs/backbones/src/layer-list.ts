import type { BackboneLayer, Padding } from './backbone-spec.ts';

interface ConvOptions {
  /** Side, or [height, width]. Default 3. */
  readonly kernel?: number | readonly [number, number];
  /** Default 1. */
  readonly stride?: number;
  /** Default `same`, which is symmetrical for odd kernels at stride 1. */
  readonly pad?: 'same' | 'valid' | Padding;
  /** Default true. */
  readonly bias?: boolean;
}

/** Writes down layers one after another; every method returns the new layer's name, for the next to read. */
export class LayerList {
  readonly layers: BackboneLayer[] = [];

  conv(name: string, input: string, filters: number, options: ConvOptions = {}): string {
    return this.add({ op: 'conv', name, input, filters, bias: options.bias ?? true, ...windowOf(options) });
  }

  depthwise(name: string, input: string, options: ConvOptions = {}): string {
    return this.add({ op: 'depthwise', name, input, ...windowOf(options) });
  }

  batchNorm(name: string, input: string, options: { readonly epsilon: number; readonly scale?: boolean }): string {
    return this.add({ op: 'batchNorm', name, input, epsilon: options.epsilon, scale: options.scale ?? true });
  }

  relu(name: string, input: string): string {
    return this.add({ op: 'relu', name, input });
  }

  relu6(name: string, input: string): string {
    return this.add({ op: 'relu6', name, input });
  }

  maxPool(name: string, input: string, options: ConvOptions): string {
    return this.add({ op: 'maxPool', name, input, ...windowOf(options) });
  }

  /** Zeros of the padding do not count in the mean, as in Keras. */
  averagePool(name: string, input: string, options: ConvOptions): string {
    return this.add({ op: 'averagePool', name, input, ...windowOf(options) });
  }

  sum(name: string, inputs: readonly string[]): string {
    return this.add({ op: 'add', name, inputs });
  }

  concat(name: string, inputs: readonly string[]): string {
    return this.add({ op: 'concat', name, inputs });
  }

  private add(layer: BackboneLayer): string {
    this.layers.push(layer);
    return layer.name;
  }
}

function windowOf({ kernel = 3, stride = 1, pad = 'same' }: ConvOptions): {
  kernel: readonly [number, number];
  stride: number;
  pad: Padding;
} {
  const [h, w] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const same: Padding = [(h - 1) / 2, (w - 1) / 2, (h - 1) / 2, (w - 1) / 2];
  return { kernel: [h, w], stride, pad: pad === 'same' ? same : pad === 'valid' ? [0, 0, 0, 0] : pad };
}
