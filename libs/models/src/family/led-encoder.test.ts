import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '@primatrix/files';
import { GraphBuilder } from '@primatrix/onnx';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import type { Frame } from '@primatrix/video';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cardName, readModelFolder, type ModelFolder } from '../folder/model-folder.ts';
import { keptModelFamily, leadingDetector, modelFamiliesLedBy } from './led-encoder.ts';

let folder: TemporaryFolder;
let encoder: ModelFolder;
let detector: ModelFolder;

/** Sees an animal in the right half of a picture of 4 x 4, as sure as its brightest value. */
function detectorGraph(): Uint8Array {
  const builder = new GraphBuilder('right-half');
  builder.input('x', 'float32', [1, 3, 4, 4]);
  const brightest = builder.node('ReduceMax', ['x'], { axes: [1, 2, 3], keepdims: 0 });
  const asRow = (value: string) => builder.node('Unsqueeze', [value, builder.ints([0])]);
  const parts = [builder.floats([2, 0, 4, 4]), brightest, builder.floats([0])].map(asRow);
  builder.output(builder.node('Concat', parts, { axis: 1 }, { name: 'boxes' }), 'float32', [1, 6]);
  return builder.toBytes();
}

/** The mean of a picture as a vector of one number. */
function encoderGraph(): Uint8Array {
  const builder = new GraphBuilder('mean');
  builder.input('x', 'float32', ['n', 3, 4, 4]);
  const mean = builder.node('ReduceMean', ['x'], { axes: [1, 2, 3], keepdims: 0 });
  builder.output(builder.node('Unsqueeze', [mean, builder.ints([1])], {}, { name: 'vector' }), 'float32', ['n', 1]);
  return builder.toBytes();
}

async function modelOf(name: string, graph: Uint8Array, own: Readonly<Record<string, unknown>>) {
  const place = folder.join(name);
  await mkdir(place);
  await writeFile(join(place, 'model.onnx'), graph);
  await writeFile(join(place, 'labels.csv'), 'index,name,group\n0,deer,animal\n');
  const input = {
    ...{ name: 'x', size: [4, 4], layout: 'nchw', channels: 'rgb', values: '0..1', fit: { kind: 'stretch' } },
    interpolation: 'nearest',
  };
  const card = {
    ...{ schema: 1, name, version: '1.0.0', summary: name, file: 'model.onnx', licence: 'MIT', commercialUse: true },
    ...{ sha256: await sha256File(join(place, 'model.onnx')), bytes: graph.length, source: 'made by the test' },
    ...own,
    input: { ...input, batch: own['kind'] === 'detector' ? 1 : 'free' },
  };
  await writeFile(join(place, cardName), JSON.stringify(card));
  return readModelFolder(place);
}

beforeAll(async () => {
  folder = await temporaryFolder('primatrix-led-');
  encoder = await modelOf('mean', encoderGraph(), {
    kind: 'image-encoder',
    output: { name: 'vector', pool: 'none', width: 1 },
  });
  detector = await modelOf('right', detectorGraph(), {
    ...{ kind: 'detector', labels: 'labels.csv' },
    output: { decode: 'corners', boxes: 'boxes' },
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

/** 4 x 4: black at the left, `value` at the right. */
function frameOf(index: number, value: number): Frame {
  const rgb = Uint8Array.from({ length: 48 }, (_, i) => (Math.floor(i / 3) % 4 < 2 ? 0 : value));
  return { index, width: 4, height: 4, rgb: () => rgb, luma: () => rgb.subarray(0, 16) };
}

const context = { weightsDir: '', threads: 1, device: 'cpu' } as const;

async function rowsOf(family: ReturnType<typeof modelFamiliesLedBy>[number], values: readonly number[], more = {}) {
  const extractor = await family.open({ ...(family.settings.laptop as object), frames: 2, ...more }, context);
  try {
    const clip = extractor.start({ name: 'a', frames: values.length, fps: 1 });
    for (const [i, value] of values.entries()) if (clip.wants(i)) await clip.push(frameOf(i, value));
    const { tensor } = await clip.finish();
    return { shape: tensor.shape, bytes: Array.from(tensor.data as Float32Array, (value) => Math.round(value * 255)) };
  } finally {
    await extractor.dispose();
  }
}

it('looks at the frames of the surest boxes, and at what is in them', async () => {
  const [family] = modelFamiliesLedBy([encoder], leadingDetector(detector));
  if (family === undefined) throw new Error('no family');
  expect([family.name, family.rowShape(family.settings.laptop), family.mostRows?.(family.settings.laptop)]).toEqual([
    'mean',
    [1],
    16,
  ]);
  // A frame's mean is half of what is in the box.
  expect(await rowsOf(family, [60, 200, 10, 100])).toEqual({ shape: [4, 1], bytes: [100, 200, 50, 100] });
  expect(await rowsOf(family, [60, 200, 10, 100], { crops: false })).toEqual({ shape: [2, 1], bytes: [100, 50] });
  // Below a score of 0.2 nothing was seen: evenly spread, and no crops.
  expect(await rowsOf(family, [10, 20, 30, 40])).toEqual({ shape: [2, 1], bytes: [5, 15] });
});

it('has a key of both models, and is kept with both', async () => {
  const [led] = modelFamiliesLedBy([encoder], leadingDetector(detector));
  const [plain] = modelFamiliesLedBy([encoder], undefined);
  expect(await led?.weightsDigest(context)).not.toBe(await plain?.weightsDigest(context));
  expect(led?.model?.answers).not.toBe(plain?.model?.answers);
  const place = folder.join('kept');
  const files = await led?.model?.copyTo(place);
  expect(files?.filter((name) => name.endsWith(cardName))).toEqual([cardName, `looks-with/${cardName}`]);
  const kept = await keptModelFamily(place);
  expect(await kept.weightsDigest(context)).toBe(await led?.weightsDigest(context));
  expect(await rowsOf(kept, [200, 10])).toEqual({ shape: [2, 1], bytes: [100, 200] });
  await plain?.model?.copyTo(folder.join('plain'));
  expect((await keptModelFamily(folder.join('plain'))).settings).toEqual(plain?.settings);
});

it('refuses what leads nothing', () => {
  expect(() => leadingDetector(encoder)).toThrow('mean is no detector, and leads no other model');
  expect(() => modelFamiliesLedBy([detector], leadingDetector(detector))).toThrow('right has no encoder');
});
