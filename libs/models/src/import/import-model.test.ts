import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '@primatrix/files';
import { GraphBuilder } from '@primatrix/onnx';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardName, readModelFolder, type PictureFolder } from '../folder/model-folder.ts';
import { findModel, keepModel, listModels, removeModel } from '../store/models-store.ts';
import { tryModel } from '../store/try-model.ts';
import { openModel } from '../runtime/open-model.ts';
import { importModel } from './import-model.ts';

let folder: TemporaryFolder;
let graph: Uint8Array;

/** As the builder numbers it. */
const outputName = 'flatten_1';

/** A graph whose output is the mean of each channel, [n, 3]. */
function meansGraph(): Uint8Array {
  const builder = new GraphBuilder('means');
  builder.input('x', 'float32', ['n', 3, 8, 8]);
  const mean = builder.node('GlobalAveragePool', ['x']);
  const flat = builder.node('Flatten', [mean], { axis: 1 });
  builder.output(flat, 'float32', ['n', 3]);
  return builder.toBytes();
}

beforeAll(async () => {
  folder = await temporaryFolder('primatrix-models-');
  graph = meansGraph();
});
afterAll(() => folder[Symbol.asyncDispose]());

const input = {
  name: 'x',
  size: [8, 8],
  layout: 'nchw',
  channels: 'rgb',
  values: '0..255',
  fit: { kind: 'stretch' },
  interpolation: 'bilinear',
  batch: 'free',
};

async function encoder(name: string, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const place = folder.join(name);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'model.onnx'), graph);
  const card = {
    schema: 1,
    name: 'means',
    version: '1.2.0',
    kind: 'image-encoder',
    summary: 'means of the channels',
    file: 'model.onnx',
    sha256: await sha256File(join(place, 'model.onnx')),
    bytes: graph.length,
    licence: 'MIT',
    commercialUse: true,
    source: 'made by the test',
    input,
    output: { name: outputName, pool: 'none', width: 3 },
    ...changes,
  };
  await writeFile(join(place, cardName), JSON.stringify(card));
  return place;
}

describe('a folder of ours', () => {
  it('is kept, listed, found, run and removed', async () => {
    const place = await encoder('whole');
    await writeFile(join(place, 'LICENSE'), 'do as you like');
    const { model } = await importModel(place, { licence: 'Apache-2.0' }, {});
    const store = folder.join('store');
    const { kept, trial } = await keepModel(store, model, tryModel);
    expect(trial).toMatchObject({ of: 'picture', milliseconds: expect.any(Number) as number });
    expect(kept.card.licence).toBe('Apache-2.0');
    expect(await readFile(join(kept.folder, 'LICENSE'), 'utf8')).toBe('do as you like');
    expect((await listModels(store)).models.map(({ card }) => card.name)).toEqual(['means']);
    const opened = await openModel((await findModel(store, 'means')) as PictureFolder);
    try {
      const pictures = [10, 200].map((byte) => ({ width: 5, height: 5, data: new Uint8Array(75).fill(byte) }));
      const { outputs } = await opened.run(pictures);
      expect([...(outputs.get(outputName)?.data ?? [])].map(Math.round)).toEqual([10, 10, 10, 200, 200, 200]);
    } finally {
      opened.dispose();
    }
    await expect(findModel(store, 'mean')).rejects.toMatchObject({ code: 'MODEL_UNKNOWN', hint: /did you mean means/ });
    await removeModel(store, 'means');
    await expect(removeModel(store, 'means')).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
  });

  it.each([
    ['another digest', { sha256: '0'.repeat(64) }, 'MODEL_FILE', /sha256/],
    ['another size', { bytes: 3 }, 'MODEL_FILE', /must have 3 bytes/],
    ['a file outside', { file: '../whole/model.onnx' }, 'MODEL_CARD', /path below the folder/],
    [
      'an output that the graph lacks',
      { output: { name: 'z', pool: 'none', width: 3 } },
      'MODEL_CARD',
      /output "z", got flatten_1/,
    ],
    ['another input', { input: { ...input, name: 'pixels' } }, 'MODEL_CARD', /one input "pixels", got x/],
    ['another size of pictures', { input: { ...input, size: [9, 8] } }, 'MODEL_CARD', /takes \[any, 3, 8, 8\]/],
    ['a setting that is not known', { input: { ...input, gamma: 2 } }, 'MODEL_CARD', /gamma/],
    ['no licence', { licence: undefined }, 'MODEL_CARD', /licence/],
  ])('is refused with %s', async (name, changes, code, message) => {
    const place = await encoder(name.replaceAll(' ', '-'), changes);
    await expect(readModelFolder(place)).rejects.toMatchObject({ code, message });
  });

  it('is refused where its file is a link out of it', async () => {
    const place = await encoder('linked', { file: 'link.onnx' });
    await symlink(folder.join('whole/model.onnx'), join(place, 'link.onnx'));
    await expect(readModelFolder(place)).rejects.toMatchObject({
      code: 'MODEL_FILE',
      message: /link out of its folder/,
    });
  });

  it('is not kept where its output is not what the card says', async () => {
    const place = await encoder('wide', { name: 'wide', output: { name: outputName, pool: 'none', width: 4 } });
    const { model } = await importModel(place, {}, {});
    await expect(keepModel(folder.join('store-2'), model, tryModel)).rejects.toMatchObject({
      code: 'MODEL_OUTPUT',
      message: /must be \[n, 4\], got \[1, 3\]/,
    });
    expect((await listModels(folder.join('store-2'))).models).toEqual([]);
  });
});

describe('the process of a model', () => {
  it('is ended where it takes too long, and the others do not wait', async () => {
    const place = await encoder('slow');
    const model = await openModel((await readModelFolder(place)) as PictureFolder, {
      threads: 1,
      memory: 2 ** 32,
      timeoutMs: 20_000,
    });
    model.dispose();
    await expect(model.run([{ width: 1, height: 1, data: new Uint8Array(3) }])).rejects.toMatchObject({
      code: 'MODEL_RUN',
      message: /was closed/,
    });
  });

  it('is ended where it takes too much memory', async () => {
    const place = await encoder('greedy');
    const opened = openModel((await readModelFolder(place)) as PictureFolder, {
      threads: 1,
      memory: 2 ** 20,
      timeoutMs: 60_000,
    });
    const outcome = await opened
      .then(
        async (model) => {
          for (let i = 0; i < 1000; i++) {
            await model.run([{ width: 1, height: 1, data: new Uint8Array(3) }]);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          return 'went on';
        },
        (error: Error) => error.message,
      )
      .catch((error: Error) => error.message);
    expect(outcome).toMatch(/took more than 1 MB of memory/);
  });
});

describe('a folder of SPARROW-Engine', () => {
  const manifest = (changes: Readonly<Record<string, string>> = {}) => {
    const parts: Record<string, string> = {
      model: 'id = "Means_V2"\nformat = "onnx"\nfile = "model.onnx"\nversion = "2"',
      preprocessing: 'method = "letterbox"\ninput_size = [8, 8]\nlayout = "nchw"\nnormalization = "unit"',
      inference: 'strategy = "single"',
      postprocessing: 'method = "embedding"',
      ...changes,
    };
    return Object.entries(parts)
      .map(([name, text]) => `[${name}]\n${text}\n`)
      .join('\n');
  };
  async function sparrow(name: string, toml: string): Promise<string> {
    const place = folder.join(name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'model.onnx'), graph);
    await writeFile(join(place, 'manifest.toml'), toml);
    return place;
  }

  it('is read, and what it leaves open is said', async () => {
    const { model, assumed } = await importModel(await sparrow('sparrow', manifest()), {}, {});
    expect(model.card).toMatchObject({
      name: 'means-v2',
      version: '2.0.0',
      licence: 'unknown',
      commercialUse: null,
      input: {
        fit: { kind: 'letterbox', place: 'centre', padding: 'after' },
        values: '0..1',
        interpolation: 'bilinear-antialias',
      },
      output: { name: outputName, pool: 'none', width: 3, normalise: true },
    });
    expect(assumed).toEqual([expect.stringMatching(/licence/)]);
  });

  it('is used where it lies, without being kept', async () => {
    const dir = folder.join('others');
    await sparrow('others/means-v2', manifest());
    expect((await listModels(dir)).models.map(({ card }) => [card.name, card.licence])).toEqual([
      ['means-v2', 'unknown'],
    ]);
    expect((await findModel(dir, 'means-v2')).card.kind).toBe('image-encoder');
  });

  it.each([
    [
      'another digest',
      { model: `id = "m"\nformat = "onnx"\nfile = "model.onnx"\nonnx_sha256 = "${'0'.repeat(64)}"` },
      'MODEL_FILE',
      /sha256/,
    ],
    ['tflite', { model: 'id = "m"\nformat = "tflite"\nfile = "model.tflite"' }, 'MODEL_FOREIGN', /format must be onnx/],
    [
      'a file outside',
      { model: 'id = "m"\nformat = "onnx"\nfile = "../model.onnx"' },
      'MODEL_FILE',
      /does not lie in its folder/,
    ],
    ['tiles', { inference: 'strategy = "tiled"' }, 'MODEL_FOREIGN', /strategy must be single/],
    ['a method that is not known', { postprocessing: 'method = "heatmap_peaks"' }, 'MODEL_FOREIGN', /heatmap_peaks/],
    ['a detector without labels', { postprocessing: 'method = "megadet_v5a"' }, 'MODEL_FOREIGN', /labels/],
    ['what is no TOML', { model: '= =' }, 'MODEL_FOREIGN', /is no TOML/],
  ])('is refused with %s', async (name, changes, code, message) => {
    const place = await sparrow(`sparrow-${name.replaceAll(' ', '-')}`, manifest(changes));
    await expect(importModel(place, {}, {})).rejects.toMatchObject({ code, message });
  });
});

describe('a folder of Hugging Face', () => {
  async function huggingFace(
    name: string,
    preprocessor: object,
    config: object = { model_type: 'x' },
  ): Promise<string> {
    const place = folder.join(name);
    await mkdir(join(place, 'onnx'), { recursive: true });
    await writeFile(join(place, 'onnx/model.onnx'), graph);
    await writeFile(join(place, 'config.json'), JSON.stringify(config));
    await writeFile(join(place, 'preprocessor_config.json'), JSON.stringify(preprocessor));
    return place;
  }
  const usual = { size: { height: 8, width: 8 }, resample: 3, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };

  it('is read as an encoder, and as a classifier where it says so', async () => {
    const { model } = await importModel(await huggingFace('hf', usual), {}, {});
    expect(model.card).toMatchObject({
      file: 'onnx/model.onnx',
      kind: 'image-encoder',
      input: { fit: { kind: 'stretch', resize: [8, 8] }, interpolation: 'bicubic-antialias', size: [8, 8] },
      output: { name: outputName, pool: 'none', width: 3 },
    });
    const config = { architectures: ['XForImageClassification'], id2label: { 0: 'deer', 1: 'empty', 2: 'Human' } };
    const classifier = await importModel(await huggingFace('hf-classes', usual, config), {}, { output: outputName });
    const { kept } = await keepModel(folder.join('store-3'), classifier.model, tryModel);
    expect(kept.labels.map(({ name, group }) => [name, group])).toEqual([
      ['deer', 'animal'],
      ['empty', 'blank'],
      ['Human', 'person'],
    ]);
  });

  it.each([
    ['pads', { ...usual, do_pad: true }, /do_pad/],
    ['scales oddly', { ...usual, rescale_factor: 1 / 256 }, /rescale_factor must be 1\/255/],
    ['has no size', { resample: 3 }, /size or crop_size/],
    ['has no mean', { size: 8 }, /image_mean/],
  ])('is refused where it %s', async (name, preprocessor, message) => {
    const place = await huggingFace(`hf-${name.replaceAll(' ', '-')}`, preprocessor);
    await expect(importModel(place, {}, {})).rejects.toMatchObject({ code: 'MODEL_FOREIGN', message });
  });

  it('must not be anything else', async () => {
    await expect(importModel(folder.join('hf/onnx'), {}, {})).rejects.toMatchObject({ code: 'MODEL_FOREIGN' });
    await copyFile(folder.join('hf/onnx/model.onnx'), folder.join('alone.onnx'));
    await expect(importModel(folder.join('alone.onnx'), {}, {})).rejects.toMatchObject({ code: 'MODEL_FOLDER' });
  });
});
