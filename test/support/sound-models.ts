import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@primatrix/testkit';

/**
 * The model folders of EfficientAT's mn04, a classifier and an encoder: cards of ours beside files of the shared data folder.
 * @param shared folder with mn04_as.onnx and audioset_labels.csv
 * @param into an existing folder
 */
export function soundModelFolders(shared: string, into: string): string[] {
  return ['mn04', 'mn04-embedding'].map((name) => {
    const place = join(into, name);
    mkdirSync(place);
    copyFileSync(join(workspaceRoot(), 'tools/evaluations', name, 'model.json'), join(place, 'model.json'));
    copyFileSync(join(shared, 'mn04_as.onnx'), join(place, 'mn04_as.onnx'));
    copyFileSync(join(shared, 'audioset_labels.csv'), join(place, 'labels.csv'));
    return place;
  });
}
