import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '@primatrix/files';
import { GraphBuilder } from '@primatrix/onnx';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardName, readModelFolder } from '../folder/model-folder.ts';
import { tryModel } from '../store/try-model.ts';
import { LookingModels } from './looking-models.ts';
import { modelFamily } from './model-family.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('primatrix-sound-models-');
});
afterAll(() => folder[Symbol.asyncDispose]());

const outputName = 'levels';

/** [n, 1, samples] to mean and highest value of each: [n, 2]. */
function graphOf(length: number | string): Uint8Array {
  const builder = new GraphBuilder('level');
  builder.input('x', 'float32', ['n', 1, length]);
  const mean = builder.node('ReduceMean', ['x'], { axes: [1, 2], keepdims: 0 });
  const highest = builder.node('ReduceMax', ['x'], { axes: [1, 2], keepdims: 0 });
  const asColumn = (value: string) => builder.node('Unsqueeze', [value, builder.ints([1])]);
  const columns = [asColumn(mean), asColumn(highest)];
  builder.output(builder.node('Concat', columns, { axis: 1 }, { name: outputName }), 'float32', ['n', 2]);
  return builder.toBytes();
}

const input = {
  name: 'x',
  rate: 1000,
  window: 100,
  hop: 100,
  fill: 'none',
  batch: 'free',
  form: 'samples',
  layout: 'n1s',
};

async function modelOf(name: string, graph: Uint8Array, changes: Readonly<Record<string, unknown>> = {}) {
  const place = folder.join(name);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'model.onnx'), graph);
  await writeFile(join(place, 'labels.csv'), 'index,mid,display_name\n0,/m/1,"even, steady"\n1,/m/2,peak\n');
  await writeFile(join(place, 'looks.csv'), 'index,name\n0,dark\n1,bright\n');
  const card = {
    ...{ schema: 1, name, version: '1.0.0', kind: 'sound-classifier', summary: 'mean and peak', file: 'model.onnx' },
    ...{ sha256: await sha256File(join(place, 'model.onnx')), bytes: graph.length },
    ...{ licence: 'MIT', commercialUse: true, source: 'made by the test', input },
    ...{ output: { name: outputName, activation: 'none' }, labels: 'labels.csv' },
    ...changes,
  };
  await writeFile(join(place, cardName), JSON.stringify(card));
  return readModelFolder(place);
}

/** How dark and how bright a picture of 2 x 2 is. */
function pictureModel() {
  const builder = new GraphBuilder('look');
  builder.input('x', 'float32', ['n', 3, 2, 2]);
  const mean = builder.node('ReduceMean', ['x'], { axes: [1, 2, 3], keepdims: 0 });
  const bright = builder.node('Unsqueeze', [mean, builder.ints([1])]);
  const dark = builder.node('Neg', [bright]);
  builder.output(builder.node('Concat', [dark, bright], { axis: 1 }, { name: outputName }), 'float32', ['n', 2]);
  return modelOf('look', builder.toBytes(), {
    kind: 'image-classifier',
    input: {
      ...{ name: 'x', size: [2, 2], layout: 'nchw', channels: 'rgb', values: '0..1', batch: 'free' },
      ...{ fit: { kind: 'stretch' }, interpolation: 'nearest' },
    },
    output: { name: outputName, activation: 'softmax' },
    labels: 'looks.csv',
  });
}

const context = { weightsDir: '', threads: 1, device: 'cpu' } as const;
/** 0.25 of full scale, and a peak of 0.5 in the last window of what is 250 samples long. */
const sound = new Int16Array(250).fill(8192);
sound[240] = 16_384;

describe('a classifier of sound', () => {
  it('has a row a window, and mean, highest and share of them', async () => {
    const family = modelFamily(await modelOf('level', graphOf('s')));
    expect(family.rowShape(family.settings.laptop)).toEqual([2]);
    const extractor = await family.open(family.settings.laptop, context);
    expect([extractor.pixels, extractor.sound]).toEqual(['none', { sampleRate: 1000 }]);
    try {
      const clip = extractor.start({ name: 'a', frames: 0 });
      await clip.listen?.(sound);
      const { tensor, row } = await clip.finish();
      expect(tensor).toMatchObject({ dtype: 'float32', shape: [3, 2] });
      const [steady, peak] = [0, 1].map((column) => [0, 1, 2].map((look) => tensor.data[2 * look + column] as number));
      expect(peak).toEqual([0.25, 0.25, 0.5]);
      steady?.forEach((value) => expect(value).toBeCloseTo(0.25, 2));
      expect(Object.keys(row)).toHaveLength(6);
      expect(row).toMatchObject({ peak_highest: 0.5, peak_share: 1 / 3 });
      expect(row['peak_mean']).toBeCloseTo(1 / 3);
    } finally {
      await extractor.dispose();
    }
  });

  it('predicts the highest of each class where nothing looks', async () => {
    const level = await modelOf('alone', graphOf('s'));
    const models = await LookingModels.open([level]);
    try {
      expect(models.classes).toEqual(['even, steady', 'peak']);
      expect(models.listen()).toBeUndefined();
      const look = models.look();
      const clip = look.start({ name: 'a', frames: 0 });
      await clip.listen?.(sound);
      await clip.finish();
      expect(look.probabilities()[1]).toBe(0.5);
    } finally {
      models.dispose();
    }
    await expect(LookingModels.open([level, level])).rejects.toMatchObject({ code: 'MODEL_TOGETHER' });
  });

  it('tells what is heard, and when, beside what looks, whose classes they stay', async () => {
    const models = await LookingModels.open([await modelOf('beside', graphOf('s')), await pictureModel()]);
    try {
      expect(models.classes).toEqual(['dark', 'bright']);
      expect(models.names).toEqual(['look 1.0.0 (MIT)', 'beside 1.0.0 (MIT)']);
      expect(models.warnings).toContain('sounds of beside are told beside the probabilities, and are no part of them');
      const [look, listening] = [models.look(), models.listen()];
      expect([look.sound, listening?.pixels, listening?.sound]).toEqual([undefined, 'none', { sampleRate: 1000 }]);
      expect(listening?.heard).toBeUndefined();
      const clip = listening?.start({ name: 'a', frames: 0 });
      await clip?.listen?.(sound);
      await clip?.finish();
      // The last of three windows ends with the sound.
      expect(listening?.heard).toEqual({
        model: 'beside 1.0.0',
        sounds: [
          { name: 'peak', score: 0.5, times: [{ from: 0, to: 0.25 }] },
          { name: 'even, steady', score: expect.closeTo(0.253, 2) as number, times: [{ from: 0, to: 0.25 }] },
        ],
      });
    } finally {
      models.dispose();
    }
  });

  it('is tried on a window of sound', async () => {
    expect(await tryModel(await modelOf('tried', graphOf('s')))).toMatchObject({ of: 'window of sound' });
    const wide = await modelOf('wide', graphOf('s'), {
      kind: 'sound-encoder',
      output: { name: outputName, pool: 'none', width: 3 },
      labels: undefined,
    });
    await expect(tryModel(wide)).rejects.toMatchObject({ code: 'MODEL_OUTPUT', message: /must be \[n, 3\]/ });
  });

  const mel = {
    ...{ rule: 'slaney', bins: 4, low: 0, high: 500, fftSize: 64, windowSize: 64, window: 'hann', hop: 32 },
    ...{ pad: 'zeros', preEmphasis: 0, power: 2, log: { base: '10', atLeast: 1e-10 } },
    normalise: { mean: 0, deviation: 1 },
  };
  const bands = { ...input, form: 'mel', layout: 'n1bt', mel };
  it.each([
    ['sound of another length', graphOf(90), {}, /takes \[any, 1, 90\], the card says \[n, 1, 100\]/],
    ['a graph of one length only', graphOf(100), {}, /"fill" must be zeros/],
    ['bands where samples are wanted', graphOf('s'), bands, /the card says \[n, 1, 4, 4\]/],
    ['frequencies above half the rate', graphOf('s'), { ...bands, mel: { ...mel, high: 600 } }, /half the rate/],
    ['a transform that is no power of two', graphOf('s'), { ...bands, mel: { ...mel, fftSize: 63 } }, /power of two/],
    ['a setting that is not known', graphOf('s'), { ...bands, mel: { ...mel, topDb: 80 } }, /topDb/],
  ])('is refused with %s', async (name, graph, changes, message) => {
    const refused = modelOf(`refused-${name.replaceAll(' ', '-')}`, graph, { input: { ...input, ...changes } });
    await expect(refused).rejects.toMatchObject({ code: 'MODEL_CARD', message });
  });

  it('takes bands over time, as many at once as the graph fixes', async () => {
    const builder = new GraphBuilder('bands');
    builder.input('x', 'float32', [2, 4, 4]);
    const flat = builder.node('Flatten', [builder.node('ReduceMean', ['x'], { axes: [1], keepdims: 0 })], { axis: 1 });
    builder.output(flat, 'float32', [2, 4]);
    const encoder = await modelOf('bands', builder.toBytes(), {
      kind: 'sound-encoder',
      input: { ...bands, layout: 'ntb', fill: 'zeros', batch: 2 },
      output: { name: flat, pool: 'none', width: 4 },
      labels: undefined,
    });
    const extractor = await modelFamily(encoder).open({ every: 0.1, looks: 10 }, context);
    try {
      const clip = extractor.start({ name: 'a', frames: 0 });
      await clip.listen?.(Int16Array.from(sound, (_, i) => 9000 * Math.sin(2 * Math.PI * i * 0.06)));
      const { tensor, row } = await clip.finish();
      expect([tensor.shape, row]).toEqual([[3, 4], {}]);
      // A tone of 60 Hz is in the lowest of four bands up to 500 Hz, and the last window is half silent.
      const [first, last] = [tensor.data.slice(0, 4), tensor.data.slice(8)] as [Float32Array, Float32Array];
      expect(Math.max(...first)).toBe(first[0]);
      expect(last[0]).toBeLessThan(first[0] as number);
    } finally {
      await extractor.dispose();
    }
  });
});
