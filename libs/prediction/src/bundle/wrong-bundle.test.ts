import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Bytes } from '@primatrix/files';
import { GraphBuilder } from '@primatrix/onnx';
import { temporaryFolder } from '@primatrix/testkit';
import { expect, it } from 'vitest';
import { readBundle } from './bundle-manifest.ts';

/** A net of two classes that looks at rows of three numbers. */
function model(name = 'y'): Uint8Array {
  const g = new GraphBuilder('net');
  const x = g.input('x', 'float32', ['n', 4, 3]);
  const flat = g.node('Reshape', [x, g.ints([-1, 12])]);
  const w = g.initializer('w', { dtype: 'float32', shape: [12, 2], data: new Float32Array(24) });
  g.output(g.node('MatMul', [flat, w], {}, { name }), 'float32', ['n', 2]);
  return g.toBytes();
}

/** A bundle whose only file is that net; `change` may make anything of its manifest. */
async function bundle(folder: string, change: (manifest: ReturnType<typeof whole>) => unknown = (same) => same) {
  await mkdir(join(folder, 'nets'), { recursive: true });
  await writeFile(join(folder, 'nets/fold-1.onnx'), model());
  const changed = change(whole());
  await writeFile(join(folder, 'bundle.json'), JSON.stringify(changed ?? null));
}

const identity = { family: 'x', version: '1.0.0' };
const net = {
  family: 'net-a',
  version: '1.0.0',
  reads: 'dots',
  input: [4, 3],
  crop: [4],
  crops: 3 as unknown,
  padding: 'repeat',
  models: [{ path: 'nets/fold-1.onnx', sha256: sha256Bytes(model()) }],
};
const whole = () => ({
  schema: 4,
  profile: 'laptop',
  dataset: { name: 'test', digest: '' },
  classes: ['a', 'b'],
  metadata: { ...identity, reference: null },
  neighbours: { ...identity, nets: ['net-a'], ks: [1], order: 'site' },
  features: [{ family: 'dots', version: '1.0.0', settings: null, weightsDigest: null, weights: '', weightsFiles: [] }],
  nets: [structuredClone(net)],
  stacks: [] as unknown[],
  ensemble: { ...identity, weights: {} as unknown, calibration: { method: 'none' } as unknown },
});

it('reads one that fits together', async () => {
  await using folder = await temporaryFolder();
  await bundle(folder.path);
  expect((await readBundle(folder.path)).manifest.classes).toEqual(['a', 'b']);
});

type Manifest = ReturnType<typeof whole>;
const member = (path = 'nets/fold-1.onnx') => ({
  ...identity,
  member: 'stack-a',
  columns: [],
  models: [{ path, sha256: net.models[0]?.sha256 }],
});
const changedNet = (change: Partial<typeof net>) => (m: Manifest) => ({ ...m, nets: [{ ...net, ...change }] });
const weights = (of: unknown) => (m: Manifest) => ({
  ...m,
  stacks: [member()],
  ensemble: { ...m.ensemble, weights: of },
});
const at = (path: string) => changedNet({ models: [{ path, sha256: '0'.repeat(64) }] });

it.each<[what: string, change: (manifest: Manifest) => unknown, says: string]>([
  ['fewer classes than a net has', (m) => ({ ...m, classes: ['a'] }), 'tells 2 classes apart, and the bundle has 1'],
  ['more classes', (m) => ({ ...m, classes: ['a', 'b', 'c'] }), 'tells 2 classes apart, and the bundle has 3'],
  ['a class twice', (m) => ({ ...m, classes: ['a', 'a'] }), 'must have no name twice'],
  ['an input that is another', changedNet({ input: [4, 5] }), 'takes 4 × 3, where the bundle says 4 × 5'],
  ['an input without end', changedNet({ input: [1099511627776, 3] }), 'must have 8388608 values in all or fewer'],
  ['crops without end', changedNet({ crops: 1e9 }), 'must be 1000 in all or fewer, got 1000000000'],
  ['crops without end along axes', changedNet({ crops: [100, 100] }), 'must be 1000 in all or fewer, got 100 × 100'],
  ['a crop that is not of the input', changedNet({ crop: [5] }), 'must begin as the input, 4 × 3, got 5'],
  ['features of nobody', changedNet({ reads: 'stars' }), "names no features of the bundle: 'stars'"],
  [
    'a model outside of its folder',
    (m) => ({
      ...m,
      features: [{ ...m.features[0], model: { answers: '', files: [{ path: 'nets/fold-1.onnx', sha256: '' }] } }],
    }),
    'must lie in models/dots/, got nets/fold-1.onnx',
  ],
  ['a net twice', (m) => ({ ...m, nets: [net, net] }), "must have 'net-a' once"],
  [
    'neighbours of no net',
    (m) => ({ ...m, neighbours: { ...m.neighbours, nets: ['z'] } }),
    "no net of the bundle: 'z'",
  ],
  ['a weight of 1e308', weights({ 'stack-a': 1e308 }), 'must be from 0 to 1, got 1e+308'],
  ['a weight below 0', weights({ 'stack-a': -1 }), 'must be from 0 to 1, got -1'],
  ['a weight of nobody', weights({ 'stack-b': 1 }), 'is no member of the bundle'],
  ['a weight of a prototype', weights(JSON.parse('{"__proto__":1}')), 'must add to 1, got 0'],
  ['weights that come to too little', weights({ 'stack-a': 0.5 }), 'must add to 1, got 0.5'],
  [
    'a calibration of fewer classes',
    (m) => ({
      ...m,
      ensemble: { ...m.ensemble, calibration: { method: 'isotonic', perClass: [{ from: [0, 1], to: [0, 1] }] } },
    }),
    'must have one line a class, 2, got 1',
  ],
  [
    'a temperature near nothing',
    (m) => ({ ...m, ensemble: { ...m.ensemble, calibration: { method: 'temperature', temperature: 1e-300 } } }),
    'must be from 0.001 to 1000',
  ],
  ['a path out of it', at('../../../../etc/passwd'), 'must lie in the bundle, got "../../../../etc/passwd"'],
  ['a path from the root', at('/dev/zero'), 'must lie in the bundle'],
  ['a path in the manner of Windows', at('nets\\..\\..\\x'), 'must lie in the bundle'],
  ['a drive', at('C:/x.onnx'), 'must lie in the bundle'],
  ['a stacker out of it', (m) => ({ ...m, stacks: [member('../x')] }), 'must lie in the bundle'],
  ['nothing at all', () => null, 'is not readable'],
])('refuses %s', async (_what, change, says) => {
  await using folder = await temporaryFolder();
  await bundle(folder.path, change);
  await expect(readBundle(folder.path)).rejects.toMatchObject({
    name: 'BundleError',
    code: 'BUNDLE_DAMAGED',
    message: expect.stringContaining(says) as string,
  });
});

it.skipIf(process.platform === 'win32').each<[what: string, put: (path: string) => Promise<unknown>, says: string]>([
  ['a link out of it', (path) => symlink('/etc/passwd', path), 'is a link out of its folder'],
  ['a link to a device', (path) => symlink('/dev/zero', path), 'is a link out of its folder'],
  ['a link to itself', (path) => symlink('fold-1.onnx', path), 'is a link that leads nowhere'],
  ['a pipe', async (path) => execFileSync('mkfifo', [path]), 'is no file, but a folder, a pipe or a device'],
  ['a folder', (path) => mkdir(path), 'is no file, but a folder, a pipe or a device'],
  ['nothing', async () => {}, 'is gone'],
  ['another file', (path) => writeFile(path, model('z')), 'is not the file that the bundle was made with'],
])('does not follow what a path leads to: %s', async (_what, put, says) => {
  await using folder = await temporaryFolder();
  await bundle(folder.path);
  await rm(folder.join('nets/fold-1.onnx'));
  await put(folder.join('nets/fold-1.onnx'));
  await expect(readBundle(folder.path)).rejects.toMatchObject({
    code: 'BUNDLE_DAMAGED',
    message: expect.stringContaining(`nets/fold-1.onnx ${says}`) as string,
  });
});

it.skipIf(process.platform === 'win32')('does not wait for a manifest that is a pipe', async () => {
  await using folder = await temporaryFolder();
  execFileSync('mkfifo', [folder.join('bundle.json')]);
  await expect(readBundle(folder.path)).rejects.toMatchObject({
    code: 'BUNDLE_NOT_FOUND',
    message: expect.stringContaining('it is no file, but a folder, a pipe or a device') as string,
  });
});

it('takes a link within it, and is one itself', async () => {
  await using folder = await temporaryFolder();
  await bundle(folder.join('real'));
  await rename(folder.join('real/nets/fold-1.onnx'), folder.join('real/model.bin'));
  await symlink('../model.bin', folder.join('real/nets/fold-1.onnx'));
  await symlink('real', folder.join('link'));
  expect((await readBundle(folder.join('link'))).manifest.nets).toHaveLength(1);
});

it('refuses tensors that lie beside a model, weights that it does not name, and what is no model', async () => {
  await using folder = await temporaryFolder();
  const withModel = async (bytes: Uint8Array) => {
    await bundle(folder.path, changedNet({ models: [{ path: 'nets/fold-1.onnx', sha256: sha256Bytes(bytes) }] }));
    await writeFile(folder.join('nets/fold-1.onnx'), bytes);
    return readBundle(folder.path);
  };
  await expect(withModel(withExternalTensor(model(), '../../secret'))).rejects.toMatchObject({
    code: 'BUNDLE_DAMAGED',
    message: expect.stringContaining("takes tensors from another file, '../../secret'") as string,
  });
  await expect(withModel(withExternalTensor(model(), 'fold-1.data'))).rejects.toThrow('fold-1.data');
  await expect(withModel(model().slice(0, -9))).rejects.toThrow('fold-1.onnx is no model: ');
  await expect(withModel(new TextEncoder().encode('root:x:0:0'))).rejects.toThrow('fold-1.onnx is no model: ');
  await expect(withModel(model('z'))).rejects.toThrow('has no input x and output y');
  await bundle(folder.path);
  await mkdir(folder.join('weights'));
  await writeFile(folder.join('weights/vgg16.json'), '{}');
  await expect(readBundle(folder.path)).rejects.toThrow('weights/vgg16.json is not one of its files');
});

/**
 * A model and a second graph behind it, which protocol buffers merge: an initializer whose numbers lie in another
 * file.
 */
function withExternalTensor(bytes: Uint8Array, location: string): Uint8Array {
  const field = (number: number, content: Uint8Array | string): Uint8Array => {
    const inner = Buffer.from(content);
    return Buffer.concat([Buffer.from([(number << 3) | 2, inner.length]), inner]);
  };
  const entry = Buffer.concat([field(1, 'location'), field(2, location)]);
  const tensor = Buffer.concat([field(8, 'w2'), field(13, entry), Buffer.from([(14 << 3) | 0, 1])]);
  return Buffer.concat([bytes, field(7, field(5, tensor))]);
}
