import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Family, FeatureMatrix, StackModel } from '@primatrix/families';
import type { BundleManifest } from '../bundle/bundle-manifest.ts';
import { bundledFamily } from '../bundle/bundled-family.ts';
import { addShare } from '../first-level/mean-of-folds.ts';

/** One stacker of a bundle, opened: a model a fold. */
export class BundledStack {
  readonly part: BundleManifest['stacks'][number];
  private readonly models: readonly StackModel[];
  private readonly classes: number;

  private constructor(part: BundleManifest['stacks'][number], models: readonly StackModel[], classes: number) {
    this.part = part;
    this.models = models;
    this.classes = classes;
  }

  /**
   * @param folder of the bundle
   * @throws BundleError where its family is missing or of another version
   */
  static async open(
    folder: string,
    part: BundleManifest['stacks'][number],
    families: readonly Family[],
    classes: number,
  ): Promise<BundledStack> {
    const family = bundledFamily(families, 'stack', part);
    const models = await Promise.all(
      part.models.map(async (model) => family.load(await readFile(join(folder, model.path), 'utf8'))),
    );
    return new BundledStack(part, models, classes);
  }

  /**
   * @param matrix columns as `part.columns`
   * @returns [rows, classes], the mean over folds
   */
  async predict(matrix: FeatureMatrix): Promise<Float64Array> {
    const mean = new Float64Array(matrix.rows * this.classes);
    for (const model of this.models) addShare(mean, await model.predict(matrix), this.models.length);
    return mean;
  }

  dispose(): void {
    for (const model of this.models) model.dispose();
  }
}
