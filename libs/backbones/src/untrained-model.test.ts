import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { sha256Bytes } from '@primatrix/files';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import type { BackboneSpec } from './backbone-spec.ts';
import { compileBackbone } from './compile-backbone.ts';
import { LayerList } from './layer-list.ts';
import { randomWeights } from './random-weights.ts';
import { untrainedModel } from './untrained-model.ts';

const list = new LayerList();
const first = list.relu('relu', list.batchNorm('norm', list.conv('conv', 'input', 128), { epsilon: 1e-3 }));
list.relu('relu2', list.conv('conv2', first, 128));
const spec: BackboneSpec = {
  name: 'small',
  title: 'Small',
  preprocess: 'tf',
  minSize: 3,
  width: 128,
  layers: list.layers,
  official: { fileName: 'small.h5', url: 'http://127.0.0.1:9/small.h5', bytes: 1, md5: null },
};
const asked = { seed: 1, threads: 1 };

describe('untrainedModel', () => {
  it('is what the weights of its seed make, and is read from its file the next time', async () => {
    await using folder = await temporaryFolder();
    const made = compileBackbone(spec, await randomWeights(spec, 1, 1));
    const path = (await untrainedModel(spec, asked, folder.join('new'))) as string;
    expect(Buffer.compare(await readFile(path), made)).toBe(0);
    expect(basename(path)).toContain(sha256Bytes(made));
    expect(await untrainedModel(spec, asked, folder.join('new'))).toBe(path);
    const other = (await untrainedModel(spec, { ...asked, seed: 2 }, folder.join('new'))) as string;
    expect(other).not.toBe(path);
    expect((await readdir(folder.join('new'))).sort()).toEqual([basename(path), basename(other)].sort());
  });

  it('is the same graph with other convolutions, kept or not', async () => {
    await using folder = await temporaryFolder();
    const made = compileBackbone(spec, await randomWeights(spec, 1, 1), { winograd: true });
    const model = () => untrainedModel(spec, { ...asked, winograd: true }, folder.path) as Promise<Uint8Array>;
    expect([Buffer.compare(await model(), made), Buffer.compare(await model(), made)]).toEqual([0, 0]);
  });

  it('is made anew where the file is damaged', async () => {
    await using folder = await temporaryFolder();
    const path = (await untrainedModel(spec, asked, folder.path)) as string;
    const bytes = await readFile(path);
    await writeFile(
      path,
      bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte)),
    );
    expect(await untrainedModel(spec, asked, folder.path)).toBe(path);
    expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
  });

  it('is bytes where it cannot be kept', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('file'), '');
    const model = await untrainedModel(spec, asked, folder.join('file', 'below'));
    expect(Buffer.compare(model as Uint8Array, compileBackbone(spec, await randomWeights(spec, 1, 1)))).toBe(0);
  });

  it('has the recipe raised where the same seed gives other weights', async () => {
    const made = compileBackbone(spec, await randomWeights(spec, 1, 1));
    expect(sha256Bytes(made), 'raise `recipe` in untrained-model.ts, then change this').toBe(
      '03d6b6dc4c8e54a7c466715ce022e2052571d596a791ce0d0f43e2bf6c0c57b5',
    );
  });
});
