import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { netInputShape } from '@primatrix/families';
import { writeFileAtomic } from '@primatrix/files';
import { exportInference } from '@primatrix/nets';
import { decodeSafetensors, writeTensorFile } from '@primatrix/tensor-store';
import { familySet, type Training } from '@primatrix/training';
import { anyWeights } from '../any-weights.ts';
import { foldsByName } from './write-inputs.ts';

/** Epochs of the learning curves that are drawn: what a long training shows. */
const epochs = 200;

/** A model and a learning curve of each fold of each net, of full size, which know nothing; and what ingest keeps for the bundle. */
export async function writeModels({ artifacts, dataset, families, profile, folds }: Training): Promise<void> {
  await writeFile(join(artifacts, 'ingest/reference.json'), 'null');
  const { nets, features } = familySet(families, profile);
  for (const net of nets) {
    const folder = join(artifacts, 'nets', net.name);
    await mkdir(folder, { recursive: true });
    const input = netInputShape(net, features, profile);
    const spec = net.build({ input, classes: dataset.classes.length, profile });
    const model = exportInference(spec, anyWeights(spec));
    const curve: string[] = [];
    for (let fold = 1; fold <= folds; fold++) {
      await writeFileAtomic(join(folder, `fold-${fold}.onnx`), model);
      for (let epoch = 1; epoch <= epochs; epoch++) curve.push(`${fold},${epoch},${1 / epoch},${1.2 / epoch}`);
    }
    await writeFile(join(folder, 'history.csv'), `fold,epoch,loss,valid_loss\n${curve.join('\n')}\n`);
  }
}

/** All folds of a stacker but the first, as that came out: what the stage takes up when every fold has been fitted. */
export async function repeatFold(training: Training, member: string): Promise<void> {
  const { artifacts, dataset, folds } = training;
  const path = (fold: number) => join(artifacts, `stack/${member}/.fold-${fold}.safetensors`);
  const { tensors, metadata } = decodeSafetensors(await readFile(path(1)));
  const { model, importance, predicted } = tensors;
  if (model === undefined || importance === undefined || predicted?.dtype !== 'float64') {
    throw new RangeError(`scaling: the first fold of ${member} must have been fitted`);
  }
  const first = predicted.data as Float64Array;
  const foldOf = [...foldsByName(training).values()];
  for (let fold = 2; fold <= folds; fold++) {
    const length = foldOf.filter((of) => of === fold).length * dataset.classes.length;
    // Folds are nearly of one size.
    const data = Float64Array.from({ length }, (_, i) => first[i % first.length] ?? 0);
    await writeTensorFile(
      path(fold),
      { model, importance, predicted: { dtype: 'float64', shape: [length], data } },
      metadata,
    );
  }
}
