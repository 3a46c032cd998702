import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { sharedData, temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import h5wasm, { File as HdfFile, type Group } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KerasWeightsError } from './keras-weights-error.ts';
import { matchKerasWeights, type ExpectedLayer } from './match-keras-weights.ts';
import { readKerasWeights } from './read-keras-weights.ts';

type Layers = Record<string, Record<string, { shape: number[]; data: Float32Array | Float64Array }>>;

const layers: Layers = {
  input_1: {},
  conv: {
    'conv/kernel:0': { shape: [1, 1, 2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    'conv/bias:0': { shape: [3], data: Float32Array.of(7, 8, 9) },
  },
  norm: { 'norm/gamma:0': { shape: [3], data: Float32Array.of(1, 1, 1) } },
};

const expected: ExpectedLayer[] = [
  {
    name: 'conv',
    weights: [
      { name: 'kernel', shape: [1, 1, 2, 3] },
      { name: 'bias', shape: [3] },
    ],
  },
  { name: 'norm', weights: [{ name: 'gamma', shape: [3] }] },
];

async function fails(work: Promise<unknown> | (() => unknown)): Promise<KerasWeightsError> {
  const error = await (typeof work === 'function' ? Promise.resolve().then(work) : work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KerasWeightsError);
  return error as KerasWeightsError;
}

describe('readKerasWeights', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await h5wasm.ready;
  });
  afterAll(() => folder.remove());

  function write(
    name: string,
    content: Layers,
    options: { inside?: string; split?: boolean; listed?: string[] } = {},
  ): string {
    const path = folder.join(name);
    const file = new HdfFile(path, 'w');
    const root: Group = options.inside === undefined ? file : file.create_group(options.inside);
    const names = options.listed ?? Object.keys(content);
    if (options.split === true) names.forEach((layer, i) => root.create_attribute(`layer_names${i}`, [layer]));
    else root.create_attribute('layer_names', names);
    for (const [layer, weights] of Object.entries(content)) {
      const group = root.create_group(layer);
      if (Object.keys(weights).length > 0) group.create_attribute('weight_names', Object.keys(weights));
      for (const [weight, { shape, data }] of Object.entries(weights)) {
        const [scope, leaf] = weight.includes('/') ? (weight.split('/') as [string, string]) : [undefined, weight];
        const parent = scope === undefined ? group : ((group.get(scope) as Group | null) ?? group.create_group(scope));
        parent.create_dataset({ name: leaf, data, shape });
      }
    }
    file.close();
    return path;
  }

  it('gives layers with weights in file order, arrays in listed order', async () => {
    const read = await readKerasWeights(write('plain.h5', layers));
    expect([...read.layers.keys()]).toEqual(['conv', 'norm']);
    expect(read.layers.get('conv')).toEqual([
      {
        name: 'conv/kernel:0',
        tensor: { dtype: 'float32', shape: [1, 1, 2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      },
      { name: 'conv/bias:0', tensor: { dtype: 'float32', shape: [3], data: Float32Array.of(7, 8, 9) } },
    ]);
  });

  it('finds the weights of a whole saved model, and lists that Keras split', async () => {
    const plain = await readKerasWeights(write('plain2.h5', layers));
    expect((await readKerasWeights(write('model.h5', layers, { inside: 'model_weights' }))).layers).toEqual(
      plain.layers,
    );
    expect((await readKerasWeights(write('split.h5', layers, { split: true }))).layers).toEqual(plain.layers);
  });

  it('leaves the file as it was', async () => {
    const path = write('same.h5', layers);
    const before = await readFile(path);
    await readKerasWeights(path);
    expect(await readFile(path)).toEqual(before);
  });

  it.each([
    { what: 'a file that is not there', code: 'KERAS_MISSING', spoil: (path: string) => rm(path) },
    { what: 'an empty file', code: 'KERAS_NOT_HDF5', spoil: (path: string) => writeFile(path, '') },
    {
      what: 'a page instead of a file',
      code: 'KERAS_NOT_HDF5',
      spoil: (path: string) => writeFile(path, '<html>404</html>'),
    },
    {
      what: 'half a file',
      code: 'KERAS_TRUNCATED',
      spoil: async (path: string) => truncate(path, (await readFile(path)).length >> 1),
    },
    { what: 'only a signature', code: 'KERAS_TRUNCATED', spoil: (path: string) => truncate(path, 8) },
    { what: 'only a header', code: 'KERAS_TRUNCATED', spoil: (path: string) => truncate(path, 20) },
  ])('refuses $what', async ({ code, spoil }) => {
    const path = write('bad.h5', layers);
    await spoil(path);
    const error = await fails(readKerasWeights(path));
    expect(error.code).toBe(code);
    expect(error.message).toContain(path);
  });

  it('refuses a damaged file, and reads a good one after it', async () => {
    const good = write('good.h5', layers);
    const bytes = await readFile(good);
    const bad = folder.join('damaged.h5');
    // From the root group's header on, past the superblock that the signature check reads.
    await writeFile(
      bad,
      bytes.map((byte, i) => (i >= 96 && i < 400 ? byte ^ 0xff : byte)),
    );
    expect((await fails(readKerasWeights(bad))).code).toBe('KERAS_DAMAGED');
    expect((await readKerasWeights(good)).layers.size).toBe(2);
  });

  it('refuses HDF5 of another layout, absent arrays and numbers that are no weights', async () => {
    const none = folder.join('none.h5');
    const file = new HdfFile(none, 'w');
    file.create_group('layers');
    file.close();
    const keras3 = await fails(readKerasWeights(none));
    expect(keras3).toMatchObject({ code: 'KERAS_LAYOUT' });
    expect(keras3.message).toContain('Keras 3');

    const absent = await fails(readKerasWeights(write('absent.h5', layers, { listed: ['conv', 'gone'] })));
    expect(absent.message).toContain("'gone'");

    const nan = { conv: { 'conv/bias:0': { shape: [2], data: Float32Array.of(1, NaN) } } };
    const values = await fails(readKerasWeights(write('nan.h5', nan)));
    expect(values).toMatchObject({ code: 'KERAS_VALUES', fields: { index: 1 } });
    expect(values.message).toContain("'conv/bias:0'");
  });

  it('turns double precision into single', async () => {
    const read = await readKerasWeights(
      write('double.h5', { conv: { 'bias:0': { shape: [1], data: Float64Array.of(0.1) } } }),
    );
    expect(read.layers.get('conv')?.[0]?.tensor.data).toEqual(Float32Array.of(0.1));
  });

  const official = sharedData('weights', 'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5');
  it.skipIf(official === undefined)('reads a file in the official layout (needs the shared data folder)', async () => {
    const read = await readKerasWeights(official as string);
    expect(read.layers.size).toBe(104);
    expect(read.layers.get('Conv1')?.[0]?.tensor.shape).toEqual([3, 3, 3, 32]);
    expect(read.layers.get('Conv_1_bn')?.map(({ tensor }) => tensor.shape)).toEqual([[1280], [1280], [1280], [1280]]);
  });
});

describe('matchKerasWeights', () => {
  const tensor = (...shape: number[]) => ({
    dtype: 'float32' as const,
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const file = (entries: Record<string, number[][]>) => ({
    file: 'some.h5',
    layers: new Map(
      Object.entries(entries).map(([layer, shapes]) => [
        layer,
        shapes.map((shape, i) => ({ name: `${layer}/w${i}`, tensor: tensor(...shape) })),
      ]),
    ),
  });

  it('finds layers by name in any order', () => {
    const found = matchKerasWeights(file({ norm: [[3]], conv: [[1, 1, 2, 3], [3]] }), 'Net', expected);
    expect(found.get('conv')?.map(({ name }) => name)).toEqual(['conv/w0', 'conv/w1']);
  });

  it('goes by order where the names are others', () => {
    const found = matchKerasWeights(
      file({ conv2d_7: [[1, 1, 2, 3], [3]], batch_normalization_7: [[3]] }),
      'Net',
      expected,
    );
    expect(found.get('norm')?.[0]?.name).toBe('batch_normalization_7/w0');
  });

  it('finds numbered layers by rank, wherever they stand and the numbers start', () => {
    const numbered: ExpectedLayer[] = [1, 2, 3].map((n) => ({
      name: `conv2d_${n}`,
      weights: [{ name: 'bias', shape: [3] }],
    }));
    for (const start of [0, 1, 9]) {
      const name = (n: number) => (n === 0 ? 'conv2d' : `conv2d_${n}`);
      const found = matchKerasWeights(
        file({ [name(start + 2)]: [[3]], [name(start)]: [[3]], [name(start + 1)]: [[3]] }),
        'Net',
        numbered,
      );
      expect([1, 2, 3].map((n) => found.get(`conv2d_${n}`)?.[0]?.name)).toEqual(
        [0, 1, 2].map((n) => `${name(start + n)}/w0`),
      );
    }
  });

  it.each<[string, Record<string, number[][]>, string[]]>([
    ['a missing layer', { conv: [[1, 1, 2, 3], [3]] }, ["layer 'norm' is missing"]],
    ['a missing weight', { conv: [[1, 1, 2, 3]], norm: [[3]] }, ["weight 'bias' of layer 'conv' is missing"]],
    [
      'another shape',
      { conv: [[1, 1, 2, 4], [3]], norm: [[3]] },
      ["weight 'kernel' of layer 'conv' must be [1, 1, 2, 3], got [1, 1, 2, 4]"],
    ],
    [
      'a weight too many',
      { conv: [[1, 1, 2, 3], [3], [3]], norm: [[3]] },
      ["layer 'conv' has a weight 'conv/w2' too many"],
    ],
    ['a top', { conv: [[1, 1, 2, 3], [3]], norm: [[3]], predictions: [[3, 10]] }, ["layer 'predictions'"]],
    ['another net', { a: [[3]], b: [[3]], c: [[3]] }, ['3 layers', "'conv' is missing"]],
    ['another net with as many layers', { a: [[3]], b: [[3]] }, ["'kernel' of layer 'conv'"]],
  ])('refuses %s, naming it, file and net', async (_what, entries, words) => {
    const error = await fails(() => matchKerasWeights(file(entries), 'Net', expected));
    expect(error.code).toBe('KERAS_OTHER_NET');
    for (const word of ['some.h5', 'Net', ...words]) expect(error.message).toContain(word);
  });
});
