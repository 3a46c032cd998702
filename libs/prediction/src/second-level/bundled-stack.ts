import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Family, FeatureMatrix, StackFamily, StackModel } from '@primatrix/families';
import { BundleError } from '../bundle/bundle-files.ts';
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
   * @throws BundleError where its family is missing or of another version, or a model is not one of that family for
   *   these classes
   */
  static async open(
    folder: string,
    part: BundleManifest['stacks'][number],
    families: readonly Family[],
    classes: number,
  ): Promise<BundledStack> {
    const family = bundledFamily(families, 'stack', part);
    const models = await Promise.all(
      part.models.map(({ path }) => openModel(join(folder, path), family, part, classes)),
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

/** What a model says of one clip of which nothing is known shows whether it has the bundle's columns and classes. */
async function openModel(
  file: string,
  family: StackFamily,
  { columns }: BundleManifest['stacks'][number],
  classes: number,
): Promise<StackModel> {
  const fault = (reason: string, cause?: unknown) =>
    new BundleError('BUNDLE_DAMAGED', `bundle: ${file} does not fit the bundle: ${reason}`, {
      cause,
      hint: 'make the bundle again, or copy it whole',
    });
  const unknown = { data: new Float32Array(columns.length).fill(Number.NaN), rows: 1, columns };
  let model: StackModel | undefined;
  try {
    model = await family.load(await readFile(file, 'utf8'));
    const { length } = await model.predict(unknown);
    if (length === classes) return model;
    throw fault(`it tells ${length} classes apart, and the bundle has ${classes}`);
  } catch (error) {
    model?.dispose();
    throw error instanceof BundleError ? error : fault((error as Error).message, error);
  }
}
