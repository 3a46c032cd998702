import { mkdir, writeFile } from 'node:fs/promises';
import { sha256Bytes } from '@primatrix/files';
import { temporaryFolder, type TemporaryFolder } from '@primatrix/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importModel } from '../import/import-model.ts';
import { keepModel, listModels } from '../store/models-store.ts';
import { tryModel } from '../store/try-model.ts';
import { tfjsName } from './tfjs-file.ts';
import { meansModel, meansDeclaration } from './tfjs.fixture.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('primatrix-tfjs-');
});
afterAll(() => folder[Symbol.asyncDispose]());

/** A folder with the model, and the declaration as changed. */
async function written(name: string, changes: object = {}): Promise<string> {
  const { json, weights } = meansModel();
  await mkdir(folder.join(name));
  await writeFile(folder.join(name, 'means.json'), json);
  await writeFile(folder.join(name, 'weights.bin'), weights);
  await writeFile(folder.join(name, 'labels.csv'), 'index,name\n0,red\n1,green\n2,blue\n');
  await writeFile(folder.join(name, tfjsName), JSON.stringify({ ...meansDeclaration(), ...changes }));
  return folder.join(name);
}

describe('a folder with a graph of TensorFlow.js', () => {
  it('becomes a model', async () => {
    const { model, assumed } = await importModel(await written('whole'), { licence: 'MIT' }, {});
    expect(assumed).toEqual([]);
    const { kept, trial } = await keepModel(folder.join('models'), model, tryModel);
    expect(trial.of).toBe('picture');
    expect(kept.card).toMatchObject({ name: 'means', licence: 'MIT', file: 'model.onnx' });
    expect((await listModels(folder.join('models'))).models.map(({ card }) => card.name)).toEqual(['means']);
  });

  it('is not used in place', async () => {
    const dir = folder.join('in-place');
    await mkdir(dir);
    await written('in-place/means');
    const [broken] = (await listModels(dir)).broken;
    expect(broken?.reason).toMatch(/holds a graph of TensorFlow\.js, of which an ONNX graph must be made/);
  });

  const digest = sha256Bytes(meansModel().weights);
  it.each([
    ['another file', { weights: [{ file: 'weights.bin', sha256: '0'.repeat(64) }] }, 'MODEL_FILE', /must have sha256/],
    ['a file outside', { weights: [{ file: '../weights.bin', sha256: digest }] }, 'MODEL_TFJS', /below the folder/],
    [
      'weights that are not listed',
      { weights: [{ file: 'other.bin', sha256: digest }] },
      'MODEL_TFJS',
      /must list weights\.bin/,
    ],
    ['an output of no name', { outputs: [{ name: 'no', shape: [1, 3] }] }, 'MODEL_TFJS', /no operation 'no'/],
    ['a card that is none', { card: { name: 'Means', kind: 'image-classifier' } }, 'MODEL_TFJS', /card: /],
  ])('is refused with %s', async (name, changes, code, message) => {
    const path = await written(name.replaceAll(' ', '-'), changes);
    await expect(importModel(path, {}, {})).rejects.toMatchObject({ code, message });
  });
});
