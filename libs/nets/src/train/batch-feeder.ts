import { Rng } from '@primatrix/rng';
import type { ResolvedTrainSettings } from '../train-settings.ts';
import { copyCrop, cropRoom, randomCorner, type Padding } from './crop.ts';
import type { Sample, SampleCache, SampleTensor } from './sample.ts';

/** What a step learns from; the arrays are filled anew for each step. */
export interface Batch {
  /** [batch, …input]. */
  readonly x: Float32Array;
  /** [batch, classes]. */
  readonly labels: Float32Array;
}

export interface BatchFeederOptions {
  readonly samples: readonly Sample[];
  readonly cache: SampleCache;
  /** The net's input, without the batch. */
  readonly size: readonly number[];
  readonly classes: number;
  readonly seed: number;
  readonly padding: Padding;
  readonly settings: Pick<ResolvedTrainSettings, 'batch' | 'augment' | 'draw' | 'shiftShort'>;
}

/**
 * Fills batches. Samples come in shuffled passes over all of them, a batch may reach into the next pass, or each is drawn
 * from all; what a batch holds depends on the seed and the step's number alone, so that training can go on from any step.
 */
export class BatchFeeder {
  private readonly options: BatchFeederOptions;
  private readonly batch: Batch;
  private order: number[] = [];
  private pass = -1;

  constructor(options: BatchFeederOptions) {
    this.options = options;
    const { settings, size, classes } = options;
    this.batch = {
      x: new Float32Array(size.reduce((a, b) => a * b, settings.batch)),
      labels: new Float32Array(settings.batch * classes),
    };
  }

  /** @param step steps since the training began, from 0 */
  async fill(step: number): Promise<Batch> {
    const { samples, cache, size, classes, seed, padding, settings } = this.options;
    const rng = Rng.of(seed, 'crop', step);
    const drawn = Rng.of(seed, 'draw', step);
    const chosen = Array.from({ length: settings.batch }, (_, i) =>
      settings.draw === 'replacement' ? drawn.int(samples.length) : this.sampleAt(step * settings.batch + i),
    );
    const tensors = await Promise.all(chosen.map((index) => cache.get(samples[index] as Sample)));
    const sampleSize = size.reduce((a, b) => a * b, 1);
    chosen.forEach((index, i) => {
      const sample = samples[index] as Sample;
      const tensor = tensors[i] as (typeof tensors)[number];
      const corner = randomCorner(cropRoom(sample, tensor, size), rng);
      const short = (size[0] as number) - (tensor.shape[0] as number);
      if (settings.shiftShort === true && short > 0) {
        this.copyShifted(tensor, corner, rng.int(short + 1), i * sampleSize);
      } else copyCrop(tensor, corner, size, padding, this.batch.x, i * sampleSize);
      this.augment(i * sampleSize, rng);
      for (let c = 0; c < classes; c++) this.batch.labels[i * classes + c] = sample.labels?.[c] ?? 0;
    });
    return this.batch;
  }

  /** The whole of a short clip, after `lead` frames of zeros and before others. */
  private copyShifted(tensor: SampleTensor, corner: readonly number[], lead: number, offset: number): void {
    const { size, padding } = this.options;
    const rest = size.slice(1);
    const frame = rest.reduce((a, b) => a * b, 1);
    this.batch.x.fill(0, offset, offset + (size[0] as number) * frame);
    copyCrop(tensor, corner, [tensor.shape[0] as number, ...rest], padding, this.batch.x, offset + lead * frame);
  }

  private sampleAt(position: number): number {
    const { samples, seed } = this.options;
    const pass = Math.floor(position / samples.length);
    if (pass !== this.pass) {
      this.order = Rng.of(seed, 'order', pass).shuffle(samples.map((_, i) => i));
      this.pass = pass;
    }
    return this.order[position % samples.length] as number;
  }

  private augment(offset: number, rng: Rng): void {
    const { size, settings } = this.options;
    if (settings.augment === undefined) return;
    const { flip, channelShift, whole = false } = settings.augment;
    const length = size.reduce((a, b) => a * b, 1);
    const channels = size.at(-1) as number;
    const x = this.batch.x.subarray(offset, offset + length);
    if (flip && size.length >= 2 && rng.int(2) === 1) mirror(x, size.at(-2) as number, channels);
    if (channelShift > 0) {
      for (let c = 0; c < channels; c++) {
        const shift = whole
          ? rng.int(2 * Math.floor(channelShift) + 1) - Math.floor(channelShift)
          : rng.between(-channelShift, channelShift);
        for (let i = c; i < length; i += channels) {
          const value = (x[i] as number) + shift;
          x[i] = whole ? Math.min(255, Math.max(0, value)) : value;
        }
      }
    }
  }
}

/** Turns the axis before the last around, in place. */
function mirror(x: Float32Array, width: number, channels: number): void {
  for (let row = 0; row < x.length; row += width * channels) {
    for (let left = 0, right = width - 1; left < right; left++, right--) {
      for (let c = 0; c < channels; c++) {
        const a = row + left * channels + c;
        const b = row + right * channels + c;
        const kept = x[a] as number;
        x[a] = x[b] as number;
        x[b] = kept;
      }
    }
  }
}

/** Fills a dropout mask: 0 with probability `rate`, else 1 / (1 - rate). */
export function drawMask(mask: Float32Array, rate: number, rng: Rng): void {
  const threshold = Math.round(rate * 0x1_0000_0000);
  const kept = 1 / (1 - rate);
  for (let i = 0; i < mask.length; i++) mask[i] = rng.uint32() < threshold ? 0 : kept;
}
