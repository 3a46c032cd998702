import { binaryCrossEntropy, exportInference, predictNet, type LayerSpec, type NetSpec } from '@primatrix/nets';
import { Rng } from '@primatrix/rng';
import { describe, expect, it } from 'vitest';
import type { Training } from '../plan/training.ts';
import { fitProbe } from './fit-probe.ts';
import type { LabelledSample } from './net-samples.ts';

const [frames, width, classes] = [6, 5, 3];
const output = { type: 'Dense', units: classes, activation: 'sigmoid' } as const;
const net = (...layers: LayerSpec[]): NetSpec => ({
  name: 'probe',
  input: [frames, width],
  layers: [...layers, output],
});
const probe = net({ type: 'GlobalAveragePooling1D' }, { type: 'BatchNormalization' });

/** Clips of one class each, whose frames are higher in that class's column; as embeddings are, by little. */
function clips(count: number, seed: number): LabelledSample[] {
  const rng = Rng.of(seed, 'clips');
  return Array.from({ length: count }, (_, i) => {
    const c = i % classes;
    const length = frames - (i % 3);
    const data = Float32Array.from(
      { length: length * width },
      (_value, at) => 0.01 * (rng.between(-1, 1) + (at % width === c ? 1 : 0)),
    );
    return {
      id: `clip ${i}`,
      tensor: { dtype: 'float32', shape: [length, width], data },
      shape: [length, width],
      labels: Uint8Array.from({ length: classes }, (_value, at) => (at === c ? 1 : 0)),
      fold: 1,
    };
  });
}

const fit = (spec: NetSpec) =>
  fitProbe({
    training: {
      dataset: {
        classes: ['a', 'b', 'c'],
        clips: clips(30, 1).map(({ id }, i) => ({ filename: id, site: `${i % 5}` })),
      },
    } as unknown as Training,
    spec,
    settings: { feature: 'x', crop: [frames], crops: 1, fit: 'linear-probe' },
    train: clips(30, 1),
    valid: clips(12, 2),
    signal: new AbortController().signal,
  });

describe('fitProbe', () => {
  it('gives weights with which the net says what the probe says', async () => {
    const { weights, history, bestValidLoss } = await fit(probe);
    const valid = clips(12, 2);
    const model = exportInference(probe, weights);
    const predicted = await predictNet(model, valid, { input: [frames, width], classes, crops: 1, padding: 'repeat' });
    expect(binaryCrossEntropy(predicted, valid, classes)).toBeCloseTo(bestValidLoss, 4);
    expect(history).toHaveLength(1);
    const right = valid.filter(({ labels }, i) => {
      const own = [...predicted.subarray(i * classes, (i + 1) * classes)];
      return labels[own.indexOf(Math.max(...own))] === 1;
    });
    expect(right.length).toBeGreaterThanOrEqual(11);
  });

  it.each<[string, NetSpec]>([
    ['another end', net({ type: 'GlobalAveragePooling1D' })],
    ['a layer that learns before', net({ type: 'GRU', units: 4 }, { type: 'BatchNormalization' })],
    ['vectors of frames', net({ type: 'Dropout', rate: 0.5 }, { type: 'BatchNormalization' })],
  ])('refuses %s', async (_what, spec) => {
    await expect(fit(spec)).rejects.toMatchObject({ code: 'NET_SPEC' });
  });
});
