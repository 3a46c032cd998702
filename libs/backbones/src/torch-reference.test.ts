import { expect, it } from 'vitest';
import { LayerList } from './layer-list.ts';
import { TorchReference } from './torch-reference.ts';

const reference = await TorchReference.open('python3', 1);

it('says why there is none', async () => {
  expect(await TorchReference.open('/nonexistent/python3', 1)).toMatch(
    /^\/nonexistent\/python3 cannot be started: .*ENOENT/,
  );
  // What starts and has no PyTorch: here, what is no Python.
  expect(await TorchReference.open(process.execPath, 1)).toContain('has no PyTorch to run: ');
});

it.skipIf(typeof reference === 'string')('measures a net of its layers (needs PyTorch)', async () => {
  if (typeof reference === 'string') return;
  const list = new LayerList();
  const relu = list.relu('relu', list.batchNorm('bn', list.conv('a', 'input', 4), { epsilon: 1e-3 }));
  list.concat('end', [list.depthwise('b', relu), list.averagePool('mean', relu, { kernel: 3 })]);
  const official = { fileName: '', url: '', bytes: 0, md5: null };
  const spec = {
    name: 'small',
    title: 'Small',
    preprocess: 'tf' as const,
    minSize: 8,
    width: 8,
    layers: list.layers,
    official,
  };
  try {
    expect(reference.versions).toContain('1 threads');
    expect(await reference.milliseconds(spec, 8, 2)).toBeGreaterThan(0);
    expect(await reference.milliseconds(spec, 16, 1)).toBeGreaterThan(0);
  } finally {
    await reference.close();
  }
});
