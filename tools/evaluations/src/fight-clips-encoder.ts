import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listWeights } from '@primatrix/backbones';
import { UsageError } from '@primatrix/contracts';
import { writeFileAtomic } from '@primatrix/files';

const backbone = 'mobilenet-v2';

/**
 * MobileNetV2's imported weights as a folder that `--model` takes: a detector leads models, and no backbones.
 * @param work has the weights in `weights`
 * @returns the folder
 * @throws UsageError `FIGHT_CLIPS_DATA` where there are no such weights
 */
export async function writeEncoder(work: string): Promise<string> {
  const weights = join(work, 'weights');
  const model = (await listWeights(weights)).find((card) => card.backbone === backbone)?.model;
  if (model === undefined) {
    throw new UsageError('FIGHT_CLIPS_DATA', `fight-clips: no weights of ${backbone} in ${weights}`);
  }
  const name = `${backbone}-encoder`;
  const folder = join(work, name);
  await mkdir(folder, { recursive: true });
  await copyFile(join(weights, model.file), join(folder, 'model.onnx'));
  const card = {
    ...{ schema: 1, name, version: '1.0.0', kind: 'image-encoder', summary: 'MobileNetV2 1.0, 1,280 values a picture' },
    ...{ file: 'model.onnx', sha256: model.sha256, bytes: model.bytes },
    ...{ licence: 'Apache-2.0', commercialUse: true, source: 'https://keras.io/api/applications/mobilenet' },
    // The size that it was trained at; the graph scales bytes itself.
    input: {
      ...{ name: 'frames', size: [224, 224], layout: 'nhwc', channels: 'rgb', values: '0..255' },
      ...{ fit: { kind: 'stretch' }, interpolation: 'bilinear', batch: 'free' },
    },
    output: { name: 'features', pool: 'none', width: 1280 },
  };
  await writeFileAtomic(join(folder, 'model.json'), `${JSON.stringify(card, null, 2)}\n`);
  return folder;
}
