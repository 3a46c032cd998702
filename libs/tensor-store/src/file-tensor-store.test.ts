import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { tensorStoreConformance } from './conformance.ts';
import { FileTensorStore, readTensorFile, writeTensorFile } from './index.ts';

const tensor = { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } as const;

describe('FileTensorStore', () => {
  it.each(tensorStoreConformance)('$name', async ({ run }) => {
    await using folder = await temporaryFolder();
    const store = new FileTensorStore(folder.path);
    await run({
      store,
      overwrite: async (ref, change) => writeFile(store.fileOf(ref), change(await readFile(store.fileOf(ref)))),
      remove: (ref) => rm(store.fileOf(ref)),
    });
  });

  it('keeps its references when the folder moves', async () => {
    await using folder = await temporaryFolder();
    const ref = await new FileTensorStore(folder.join('here')).put(tensor, {
      path: 'features/vgg16/a clip.safetensors',
    });
    expect(ref.uri).toBe('file:features/vgg16/a%20clip.safetensors#data');
    await cp(folder.join('here'), folder.join('there'), { recursive: true });
    await rm(folder.join('here'), { recursive: true });
    expect(await new FileTensorStore(folder.join('there')).get(ref)).toEqual(tensor);
  });

  it('says which file cannot be written', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('file'), '');
    const store = new FileTensorStore(folder.join('file'));
    await expect(store.put(tensor, { path: 'x', clip: 'clip-7' })).rejects.toMatchObject({
      code: 'TENSOR_IO',
      fields: { clip: 'clip-7', file: folder.join('file', 'x') },
    });
  });
});

describe('tensor files', () => {
  it('writes a file whose references hold from its own folder', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('features', 'clip.safetensors');
    const refs = await writeTensorFile(path, { data: tensor }, { family: 'vgg16' });
    expect(await new FileTensorStore(folder.join('features')).get(refs.data)).toEqual(tensor);
    expect(await readTensorFile(path)).toEqual(tensor);
  });

  it('asks for a name where there are several, and names clip and file', async () => {
    await using folder = await temporaryFolder();
    const path = folder.join('two.safetensors');
    await writeTensorFile(path, { a: tensor, b: tensor });
    expect(await readTensorFile(path, 'b')).toEqual(tensor);
    await expect(readTensorFile(path, undefined, { clip: 'clip-7' })).rejects.toMatchObject({
      code: 'TENSOR_NAME',
      message: `tensor-store: ${path}, clip clip-7: must hold exactly one tensor when none is named, it holds a, b`,
    });
    await expect(readTensorFile(folder.join('none'))).rejects.toMatchObject({ code: 'TENSOR_MISSING' });
  });
});
