import type { StackFamily } from '@primatrix/families';
import { boosterModel, fitTrees, loadTrees, openBoosterTables, readTreeSettings } from '@primatrix/boosting/stack';
import { packageOf } from '@primatrix/files';
import { Booster, findLibrary, missingLibrary, type XgboostParams } from '@primatrix/xgboost-ts';
import { xgboostLibrary } from './xgboost-library.ts';
import { settings } from './settings.ts';

const { version } = packageOf(import.meta.url);

/** XGBoost over the table of all first-level outputs. */
export const family: StackFamily = {
  kind: 'stack',
  name: 'stack-xgboost',
  version,
  summary: 'gradient-boosted trees over the feature table',
  variants: settings as unknown as StackFamily['variants'],
  preparation: { name: 'xgboost', missing: () => missingLibrary(), run: () => findLibrary() },
  // Exact trees sort every column: a value and its row, twice.
  bytesPerValue: 16,
  // Measured, not promised: exact trees are grown from sums in the order of the rows, column by column.
  anyThreads: true,
  fit: async (input) => {
    const own = readTreeSettings<XgboostParams>(input.settings);
    return fitTrees(input, own.target, openBoosterTables(xgboostLibrary(own), own));
  },
  load: (text) => loadTrees(text, async (model) => boosterModel(await Booster.fromText(model))),
};
