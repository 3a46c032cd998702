import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sharedData, temporaryFolder } from '@primatrix/testkit';
import { File as HdfFile, ready } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kerasLayers, type BackboneSpec } from './backbone-spec.ts';
import { defaultWeightsDir, importWeights, listWeights, openBackbone, pullWeights } from './index.ts';
import { LayerList } from './layer-list.ts';

/** A net small enough to write its weights file here. */
const list = new LayerList();
list.relu(
  'relu',
  list.batchNorm('norm', list.conv('conv', 'input', 5, { stride: 2, pad: 'valid' }), { epsilon: 1e-3 }),
);
const small: BackboneSpec = {
  name: 'small',
  title: 'Small',
  preprocess: 'tf',
  minSize: 3,
  width: 5,
  layers: list.layers,
  official: { fileName: 'small_notop.h5', url: 'http://127.0.0.1:9/small_notop.h5', bytes: 1, md5: null },
};

/** The same net with one layer under another name. */
const other: BackboneSpec = {
  ...small,
  layers: JSON.parse(JSON.stringify(small.layers).replaceAll('"norm"', '"another"')) as BackboneSpec['layers'],
};

async function weightsFile(path: string, value: number): Promise<string> {
  await ready;
  const file = new HdfFile(path, 'w');
  const layers = kerasLayers(small);
  file.create_attribute(
    'layer_names',
    layers.map(({ name }) => name),
  );
  for (const { name, weights } of layers) {
    const group = file.create_group(name);
    group.create_attribute(
      'weight_names',
      weights.map((weight) => weight.name),
    );
    for (const { name: weight, shape } of weights) {
      group.create_dataset({
        name: weight,
        shape: [...shape],
        data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
      });
    }
  }
  file.close();
  return path;
}

describe('importWeights', () => {
  it('keeps a graph and a card, which listing and opening find', async () => {
    await using folder = await temporaryFolder();
    const path = await weightsFile(folder.join('mine_notop.h5'), 0.25);
    const weightsDir = folder.join('not', 'yet', 'there');
    expect(await listWeights(weightsDir)).toEqual([]);
    const card = await importWeights(small, path, weightsDir);
    expect(card).toMatchObject({
      backbone: 'small',
      source: { file: 'mine_notop.h5' },
      parameters: 160,
      frozenParameters: 10,
    });
    expect(card.source.sha256).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    expect(await listWeights(weightsDir)).toEqual([card]);

    const backbone = await openBackbone(small, { weightsDir, seed: 1, threads: 1 });
    expect(backbone.weights).toEqual({
      source: 'imported',
      digest: card.model.sha256,
      note: expect.stringContaining('mine_notop.h5') as string,
    });
    const features = await backbone.run(new Uint8Array(27).fill(255), 1, 3, 3);
    // 27 ones times 0.25, plus bias; then (x - mean) / sqrt(variance + eps) * gamma + beta, all of them 0.25.
    expect(features[0]).toBeCloseTo(((27 * 0.25 + 0.25 - 0.25) / Math.sqrt(0.251)) * 0.25 + 0.25, 5);
    await backbone.dispose();
  });

  it('replaces earlier weights and leaves nothing of them', async () => {
    await using folder = await temporaryFolder();
    const first = await importWeights(small, await weightsFile(folder.join('a.h5'), 0.1), folder.join('w'));
    const second = await importWeights(small, await weightsFile(folder.join('b.h5'), 0.2), folder.join('w'));
    expect(second.model.sha256).not.toBe(first.model.sha256);
    expect((await readdir(folder.join('w'))).sort()).toEqual([second.model.file, 'small.json'].sort());
    expect(await importWeights(small, folder.join('b.h5'), folder.join('w'))).toEqual(second);
  });

  it('leaves the weights that are there when a file is refused', async () => {
    await using folder = await temporaryFolder();
    const path = await weightsFile(folder.join('a.h5'), 0.1);
    const card = await importWeights(small, path, folder.join('w'));
    await expect(importWeights(other, path, folder.join('w'))).rejects.toMatchObject({ code: 'KERAS_OTHER_NET' });
    await writeFile(folder.join('text.h5'), 'text');
    await expect(importWeights(small, folder.join('text.h5'), folder.join('w'))).rejects.toMatchObject({
      code: 'KERAS_NOT_HDF5',
    });
    expect(await listWeights(folder.join('w'))).toEqual([card]);
  });

  it('never opens a damaged graph, nor random weights in its place', async () => {
    await using folder = await temporaryFolder();
    const card = await importWeights(small, await weightsFile(folder.join('a.h5'), 0.1), folder.join('w'));
    const model = folder.join('w', card.model.file);
    const bytes = await readFile(model);
    const open = () => openBackbone(small, { weightsDir: folder.join('w'), seed: 1 });
    await writeFile(
      model,
      bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte)),
    );
    await expect(open()).rejects.toMatchObject({
      code: 'WEIGHTS_CORRUPT',
      message: expect.stringContaining(model) as string,
    });
    await writeFile(model, bytes.subarray(0, 100));
    await expect(open()).rejects.toMatchObject({ code: 'WEIGHTS_CORRUPT' });
    await writeFile(folder.join('w', 'small.json'), '{}');
    await expect(open()).rejects.toMatchObject({
      code: 'WEIGHTS_CORRUPT',
      message: expect.stringContaining('small.json') as string,
    });
  });
});

describe('pullWeights', () => {
  let server: Server;
  let base: string;
  let body: Uint8Array;

  beforeAll(async () => {
    await using folder = await temporaryFolder();
    body = await readFile(await weightsFile(folder.join('a.h5'), 0.1));
    server = createServer((request, response) => {
      if (request.url === '/cut.h5') {
        response.writeHead(200, { 'content-length': body.length });
        response.write(body.subarray(0, 50), () => response.destroy());
      } else if (request.url === '/good.h5') response.end(body);
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('downloads, checks and imports', async () => {
    await using folder = await temporaryFolder();
    const sha256 = createHash('sha256').update(body).digest('hex');
    let received = 0;
    const card = await pullWeights(small, folder.path, {
      url: `${base}/good.h5`,
      bytes: body.length,
      sha256,
      onProgress: (bytes) => (received = bytes),
    });
    expect(card.source).toEqual({ file: 'good.h5', bytes: body.length, sha256 });
    expect(received).toBe(body.length);
    expect(await listWeights(folder.path)).toEqual([card]);
  });

  it('checks official files by the size and MD5 that Keras states', async () => {
    await using folder = await temporaryFolder();
    const md5 = createHash('md5').update(body).digest('hex');
    const official = { fileName: 'good.h5', url: `${base}/good.h5`, bytes: body.length, md5 };
    await pullWeights({ ...small, official }, folder.path);
    await expect(pullWeights({ ...small, official: { ...official, bytes: 1 } }, folder.path)).rejects.toMatchObject({
      code: 'WEIGHTS_SIZE',
    });
    await expect(
      pullWeights({ ...small, official: { ...official, md5: '0'.repeat(32) } }, folder.path),
    ).rejects.toMatchObject({ code: 'WEIGHTS_DIGEST' });
  });

  it.each([
    { what: 'a page that is not there', path: '/none.h5', word: '404' },
    { what: 'a connection that breaks', path: '/cut.h5', word: '/cut.h5' },
  ])('says what failed: $what', async ({ path, word }) => {
    await using folder = await temporaryFolder();
    await expect(pullWeights(small, folder.path, { url: base + path })).rejects.toMatchObject({
      code: 'WEIGHTS_DOWNLOAD',
      message: expect.stringContaining(word) as string,
    });
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('says what to do where there is no network', async () => {
    await using folder = await temporaryFolder();
    await expect(pullWeights(small, folder.path)).rejects.toMatchObject({
      code: 'WEIGHTS_DOWNLOAD',
      hint: expect.stringContaining('weights import') as string,
    });
  });
});

describe('defaultWeightsDir', () => {
  it('follows PRIMATRIX_WEIGHTS, then XDG_DATA_HOME', () => {
    expect(defaultWeightsDir({ PRIMATRIX_WEIGHTS: '/w', XDG_DATA_HOME: '/d' })).toBe('/w');
    expect(defaultWeightsDir({ XDG_DATA_HOME: '/d' })).toBe('/d/primatrix/weights');
    expect(defaultWeightsDir({})).toMatch(/\.local\/share\/primatrix\/weights$/);
  });
});

const official = sharedData('weights', 'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5');
it.skipIf(official === undefined)(
  'refuses the weights of another net by their first difference (needs the shared data folder)',
  async () => {
    await using folder = await temporaryFolder();
    await expect(importWeights(small, official as string, folder.path)).rejects.toMatchObject({
      code: 'KERAS_OTHER_NET',
      message: expect.stringContaining("'conv'") as string,
    });
  },
);
