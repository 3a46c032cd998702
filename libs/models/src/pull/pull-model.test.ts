import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256Bytes, takeLock } from '@primatrix/files';
import { GraphBuilder } from '@primatrix/onnx';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listModels } from '../store/models-store.ts';
import { tryModel } from '../store/try-model.ts';
import { catalogueEntry, modelOffer, readCatalogue } from './catalogue.ts';
import { pullModel } from './pull-model.ts';

/** Mean of each channel: three classes. */
function meansGraph(): Uint8Array {
  const builder = new GraphBuilder('means');
  builder.input('x', 'float32', ['n', 3, 8, 8]);
  const mean = builder.node('GlobalAveragePool', ['x']);
  builder.output(builder.node('Flatten', [mean], { axis: 1 }, { name: 'classes' }), 'float32', ['n', 3]);
  return builder.toBytes();
}

const graph = meansGraph();
let server: Server;
let base: string;
/** What the server does next: whole or in part. */
let cutAfter = Number.POSITIVE_INFINITY;
let asked: (string | undefined)[] = [];
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder('primatrix-pull-');
  server = createServer((request, response) => {
    const { range } = request.headers;
    asked.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (request.url !== '/means.onnx') {
      response.end('another file');
      return;
    }
    const headers = { 'content-length': graph.length - from };
    if (range === undefined) response.writeHead(200, headers);
    else response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${graph.length - 1}/${graph.length}` });
    if (cutAfter >= graph.length) response.end(graph.subarray(from));
    else response.write(graph.subarray(from, from + cutAfter), () => setTimeout(() => response.destroy(), 20));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await folder[Symbol.asyncDispose]();
});
beforeEach(() => {
  cutAfter = Number.POSITIVE_INFINITY;
  asked = [];
});

const input = {
  ...{ name: 'x', size: [8, 8], layout: 'nchw', channels: 'rgb', values: '0..255', fit: { kind: 'stretch' } },
  ...{ interpolation: 'bilinear', batch: 'free' },
};
const entry = (changes: object = {}, cardChanges: object = {}) => ({
  card: {
    ...{ schema: 1, name: 'means', version: '1.0.0', kind: 'image-classifier', summary: 'means of the channels' },
    ...{ file: 'nets/means.onnx', sha256: sha256Bytes(graph), bytes: graph.length, licence: 'MIT' },
    ...{ commercialUse: true, source: 'made by the test', input, labels: 'labels.csv' },
    output: { name: 'classes', activation: 'none' },
    ...cardChanges,
  },
  addresses: { 'nets/means.onnx': `${base}/means.onnx` },
  labels: ['red, the first', 'green', 'blue'],
  ran: null,
  ...changes,
});

async function catalogueOf(name: string, ...models: object[]) {
  const path = folder.join(`${name}.json`);
  await writeFile(path, JSON.stringify({ schema: 1, models }));
  return readCatalogue(path);
}

describe('pullModel', () => {
  it('downloads, checks, tries and keeps', async () => {
    const [means] = await catalogueOf('whole', entry());
    const dir = folder.join('whole');
    const seen: [number, number][] = [];
    const { kept, trial } = await pullModel(dir, means as NonNullable<typeof means>, tryModel, {
      onProgress: (...progress) => seen.push(progress),
    });
    expect(trial.of).toBe('picture');
    expect(kept.labels.map(({ name }) => name)).toEqual(['red, the first', 'green', 'blue']);
    expect(new Uint8Array(await readFile(kept.file))).toEqual(graph);
    expect(seen.at(-1)).toEqual([graph.length, graph.length]);
    expect((await listModels(dir)).models.map(({ card }) => card.name)).toEqual(['means']);
    expect(await readdir(dir)).toEqual(['means']);
  });

  it('goes on where it was interrupted', async () => {
    const [means] = await catalogueOf('cut', entry());
    const dir = folder.join('cut');
    cutAfter = 100;
    const pull = () => pullModel(dir, means as NonNullable<typeof means>, tryModel);
    await expect(pull()).rejects.toMatchObject({ code: 'MODEL_PULL', hint: /start again to go on/ });
    expect((await listModels(dir)).models).toEqual([]);
    const { size } = await stat(folder.join('cut/.pull-means/nets/means.onnx.part'));
    expect(size).toBeGreaterThan(0);
    cutAfter = Number.POSITIVE_INFINITY;
    await pull();
    expect(asked).toEqual([undefined, `bytes=${size}-`]);
    expect(await readdir(dir)).toEqual(['means']);
  });

  it('keeps nothing of another file, nor of a model that does not run', async () => {
    const [other] = await catalogueOf('other', entry({ addresses: { 'nets/means.onnx': `${base}/other` } }));
    const dir = folder.join('other');
    await expect(pullModel(dir, other as NonNullable<typeof other>, tryModel)).rejects.toMatchObject({
      code: 'MODEL_PULL',
      message: /must have sha256 .*, got /,
    });
    const [odd] = await catalogueOf('odd', entry({ labels: ['red', 'green'] }));
    await expect(pullModel(dir, odd as NonNullable<typeof odd>, tryModel)).rejects.toMatchObject({
      code: 'MODEL_OUTPUT',
    });
    expect((await listModels(dir)).models).toEqual([]);
    // What it left is of no use to the right list.
    await writeFile(folder.join('other/.pull-means/nets/means.onnx'), 'another file');
    const [means] = await catalogueOf('right', entry());
    await pullModel(dir, means as NonNullable<typeof means>, tryModel);
    expect(await readdir(dir)).toEqual(['means']);
  });

  it('is for one process at a time', async () => {
    const [means] = await catalogueOf('locked', entry());
    const dir = folder.join('locked');
    await mkdir(dir);
    const lock = await takeLock(folder.join('locked/.pull-means.lock'), 'another one');
    await expect(pullModel(dir, means as NonNullable<typeof means>, tryModel)).rejects.toMatchObject({
      code: 'MODEL_PULL',
      message: /is being downloaded by .*another one/,
    });
    if (lock.held) await lock[Symbol.asyncDispose]();
  });
});

describe('the catalogue', () => {
  it('that comes with this says of each model where all its files are', async () => {
    const catalogue = await readCatalogue();
    expect(catalogue.map((entry) => modelOffer(entry).name)).toEqual(['yolox-nano', 'centernet-mobilenetv3']);
    expect(() => catalogueEntry(catalogue, 'yolox-nan')).toThrow("the catalogue has no model 'yolox-nan'");
  });

  it.each([
    ['a file without an address', { addresses: {} }, /addresses.*where each file/],
    ['labels missing', { labels: undefined }, /labels.*must be there/],
    ['an address of this disk', { addresses: { 'nets/means.onnx': 'file:///etc/passwd' } }, /addresses/],
    ['a field that is not known', { mirror: 'x' }, /mirror/],
  ])('is refused with %s', async (name, changes, message) => {
    await expect(catalogueOf(name.replaceAll(' ', '-'), entry(changes))).rejects.toMatchObject({
      code: 'MODEL_CATALOGUE',
      message,
    });
  });
});
