import { defaultModelsDir, findModel, leadingDetector, LookingModels } from '@primatrix/models';
import { ModelPredictor, Predictor, type FewLabelsPredictor, type InputFile } from '@primatrix/prediction';
import { checkResults } from './bundle-results.ts';
import { openFewLabels } from './few-labels.ts';
import { featureContext, installedFamilies } from '../installed-families.ts';
import type { OpenedResults } from '../results/open-results.ts';
import { onOneLine } from '../terminal/format.ts';
import type { Session } from '../terminal/session.ts';
import { whilePreparing } from '../while-preparing.ts';
import type { PredictOptions } from './predict-options.ts';

/** What predicts in this process: a bundle, with the results that it reads, models, or an encoder with a few labels. */
export async function openLocally(
  files: readonly InputFile[],
  { bundle, device, threads, labels, lookWith, model: names = [], models = defaultModelsDir() }: PredictOptions,
  { session, results }: { readonly session: Session; readonly results: readonly OpenedResults[] },
): Promise<Predictor | ModelPredictor | FewLabelsPredictor> {
  if (bundle === undefined) {
    const folders = await Promise.all(names.map((name) => findModel(models, name)));
    if (labels !== undefined) {
      const detector = lookWith === undefined ? undefined : leadingDetector(await findModel(models, lookWith));
      return openFewLabels(files, { folders, detector, labels }, warn);
    }
    return new ModelPredictor(await LookingModels.open(folders));
  }
  const families = [...(await installedFamilies()), ...results.map(({ family }) => family)];
  const predictor = await whilePreparing(session, (told) =>
    Predictor.open(bundle, families, featureContext({ device, threads }), told),
  );
  checkResults(predictor, results, warn);
  return predictor;
}

function warn(text: string): void {
  process.stderr.write(`warning: ${onOneLine(text)}\n`);
}
