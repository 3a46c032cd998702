import { defaultModelsDir, findModel } from '@primatrix/models';
import { readBundle } from '@primatrix/prediction';
import type { SourceChoice } from '@primatrix/review-api';
import { bundleSource, modelsSource, type Source } from '../prediction/source.ts';

/**
 * Reads what was chosen to predict, without starting it.
 * @param models folder of models
 * @throws BundleError or ModelError where it cannot be used
 */
export async function openSource(choice: SourceChoice, models = defaultModelsDir()): Promise<Source> {
  if ('bundle' in choice) return bundleSource({ folder: choice.bundle, ...(await readBundle(choice.bundle)) });
  return modelsSource(await Promise.all(choice.models.map((name) => findModel(models, name))), choice.looks);
}
