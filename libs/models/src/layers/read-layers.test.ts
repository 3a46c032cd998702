import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '@primatrix/files';
import { writeTensorFile } from '@primatrix/tensor-store';
import { sharedData, temporaryFolder, workspaceRoot, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PictureFolder, SoundFolder } from '../folder/model-folder.ts';
import { importModel } from '../import/import-model.ts';
import { openModel } from '../runtime/open-model.ts';
import { openSoundModel } from '../runtime/open-sound-model.ts';
import { keepModel, listModels } from '../store/models-store.ts';
import { tryModel } from '../store/try-model.ts';
import { layersName } from './layers-file.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('primatrix-layers-');
});
afterAll(() => folder[Symbol.asyncDispose]());

const floats = (shape: number[], ...data: number[]) => ({
  dtype: 'float32' as const,
  shape,
  data: Float32Array.from(data),
});
/** Red and green, doubled and normed; a gate; the sum with what was before; their mean, and how red lies above green. */
const tensors = {
  'stem.0.weight': floats([2, 3, 1, 1], 1, 0, 0, 0, 1, 0),
  'stem.1.weight': floats([2], 2, 1),
  'stem.1.bias': floats([2], 0, 1),
  'stem.1.running_mean': floats([2], 1, 0),
  'stem.1.running_var': floats([2], 3, 0),
  'stem.1.num_batches_tracked': { dtype: 'int64' as const, shape: [], data: BigInt64Array.of(7n) },
  'gate.fc1.weight': floats([1, 2], 0, 0),
  'gate.fc1.bias': floats([1], 1),
  'gate.fc2.weight': floats([2, 1], 0, 0),
  'gate.fc2.bias': floats([2], 0, 0),
  'each.weight': floats([2, 1, 1, 1], 1, 3),
  'head.weight': floats([1, 2], 1, -1),
};
const layers = [
  {
    op: 'conv',
    name: 'stem',
    weights: 'stem.0',
    norm: { weights: 'stem.1', epsilon: 1 },
    stride: 1,
    pad: 0,
    then: 'relu',
  },
  { op: 'squeeze', narrow: 'gate.fc1', widen: 'gate.fc2' },
  { op: 'conv', weights: 'each', stride: 2, pad: 0 },
  { op: 'conv', name: 'halved', from: 'stem', weights: 'each', stride: 2, pad: 0 },
  { op: 'add', with: 'layers/2' },
  { op: 'mean', name: 'means' },
  { op: 'linear', name: 'difference', weights: 'head', then: 'hard-swish' },
];
const declared = (changes: object = {}) => ({
  schema: 1,
  card: {
    ...{ schema: 1, name: 'tiny', version: '1.0.0', kind: 'image-encoder', summary: 'a net of layers', licence: 'MIT' },
    ...{ commercialUse: true, source: 'made by the test', output: { name: 'means', pool: 'none', width: 2 } },
    input: {
      ...{ name: 'x', size: [2, 2], layout: 'nchw', channels: 'rgb', values: '0..255', batch: 'free' },
      ...{ fit: { kind: 'stretch' }, interpolation: 'nearest' },
    },
  },
  input: { name: 'x', shape: ['n', 3, 2, 2] },
  layers,
  outputs: ['means', 'difference'],
  ...changes,
});

async function netOf(name: string, changes: object = {}, others: object = {}): Promise<string> {
  const place = folder.join(name);
  await mkdir(place, { recursive: true });
  const weights = join(place, 'tiny.safetensors');
  await writeTensorFile(weights, { ...tensors, ...others });
  const file = { weights: { file: 'tiny.safetensors', sha256: await sha256File(weights) }, ...declared(changes) };
  await writeFile(join(place, layersName), JSON.stringify(file));
  return place;
}

describe('a net in layers', () => {
  it('is made, tried, kept, and gives what its layers say', async () => {
    const place = await netOf('tiny');
    await writeFile(join(place, 'LICENSE'), 'as you like');
    const { model } = await importModel(place, { name: 'own-name' }, {});
    const { kept } = await keepModel(folder.join('store'), model, tryModel);
    expect(kept.card).toMatchObject({ name: 'own-name', file: 'model.onnx' });
    expect(await readFile(join(kept.folder, 'LICENSE'), 'utf8')).toBe('as you like');
    const opened = await openModel(kept as PictureFolder);
    try {
      const { outputs } = await opened.run([{ width: 2, height: 2, data: new Uint8Array(12).fill(5) }]);
      // Norm: 2 (5 - 1) / sqrt(3 + 1) = 4 and 5 / sqrt(0 + 1) + 1 = 6; gate: half; each: 1 and 3 times; the sum with and without the gate.
      expect([...(outputs.get('means')?.data ?? [])].map((value) => Number(value.toFixed(4)))).toEqual([6, 27]);
    } finally {
      opened.dispose();
    }
    expect((await listModels(folder.path)).broken).toContainEqual({
      folder: place,
      reason: expect.stringContaining('a net in layers, of which an ONNX graph must be made') as string,
    });
  });

  const without = (key: string) => ({ [key]: undefined });
  it.each([
    [
      'a tensor missing',
      { layers: [...layers.slice(0, -1), { ...layers.at(-1), weights: 'tail' }] },
      {},
      /layer 6 \(linear 'difference'\) needs a tensor 'tail.weight'/,
    ],
    ['a tensor left over', {}, { 'more.weight': floats([1], 0) }, /no layer reads the tensor 'more.weight'/],
    [
      'channels that do not fit',
      {},
      { 'head.weight': floats([1, 3], 1, 1, 1) },
      /has weights \[1, 3\], and reads 2 channels/,
    ],
    [
      'a value that is not there',
      { layers: [{ ...layers[0], from: 'y' }] },
      {},
      /reads 'y', which no layer before it is/,
    ],
    ['an output that is no layer', { outputs: ['end'] }, {}, /the output 'end' is no layer/],
    ['a layer that is not known', { layers: [{ op: 'attention' }] }, {}, /"layers.0.op"/],
    ['a card that lacks a licence', { card: { ...declared().card, ...without('licence') } }, {}, /card: "licence"/],
    ['sums of others', { layers: [{ ...layers[0] }, { op: 'add', with: 'x' }] }, {}, /adds 3 channels to 2/],
  ])('is refused with %s', async (name, changes, others, message) => {
    const place = await netOf(`refused-${name.replaceAll(' ', '-')}`, changes, others);
    await expect(importModel(place, {}, {})).rejects.toMatchObject({ code: 'MODEL_LAYERS', message });
  });

  it('is refused with other weights than it speaks of', async () => {
    const place = await netOf('changed');
    await writeFile(join(place, 'tiny.safetensors'), 'x');
    await expect(importModel(place, {}, {})).rejects.toMatchObject({ code: 'MODEL_FILE', message: /must have sha256/ });
  });
});

const shared = sharedData('models');
describe.skipIf(shared === undefined)('mn04 from its state dictionary (needs the shared data folder)', () => {
  it('gives embedding and logits within 1e-3', async () => {
    const place = folder.join('mn04');
    await mkdir(place);
    await copyFile(join(shared as string, 'mn04_as.safetensors'), join(place, 'mn04_as.safetensors'));
    await copyFile(join(shared as string, 'audioset_labels.csv'), join(place, 'labels.csv'));
    const file = JSON.parse(
      await readFile(join(workspaceRoot(), 'tools/evaluations/mn04-layers', layersName), 'utf8'),
    ) as { card: { output: object } };
    const golden = JSON.parse(await readFile(join(shared as string, 'golden/audio/1-30344-A.json'), 'utf8')) as {
      wav: string;
      samples: number;
      embedding: number[];
      logitsFirst20: number[];
    };
    const wav = await readFile(join(shared as string, 'golden/audio', golden.wav));
    const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + wav.length - 2 * golden.samples)).subarray(
      0,
      golden.samples,
    );
    for (const [output, kind, wanted] of [
      ['logits', 'sound-classifier', golden.logitsFirst20],
      ['embedding', 'sound-encoder', golden.embedding],
    ] as const) {
      const card = {
        ...file.card,
        kind,
        output: output === 'logits' ? { name: output, activation: 'none' } : { name: output, pool: 'none', width: 384 },
        ...(output === 'logits' ? {} : { labels: undefined }),
      };
      await writeFile(join(place, layersName), JSON.stringify({ ...file, card }));
      const { model } = await importModel(place, {}, {});
      const { kept } = await keepModel(folder.join('sounds'), model, tryModel);
      const opened = await openSoundModel(kept as SoundFolder);
      try {
        const got = (await opened.run([samples])).get(output)?.data ?? new Float32Array();
        expect(Math.max(...wanted.map((want, i) => Math.abs(want - (got[i] as number)))), output).toBeLessThan(1e-3);
      } finally {
        opened.dispose();
      }
    }
  });
});
