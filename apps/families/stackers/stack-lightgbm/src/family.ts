import type { JsonValue, StackFamily } from '@primatrix/families';
import { Booster, ensureLibrary, missingLibrary, type LightgbmParams } from '@primatrix/lightgbm-ts';
import { boosterModel, fitTrees, loadTrees, openBoosterTables, readTreeSettings } from '@primatrix/boosting/stack';
import { packageOf } from '@primatrix/files';
import { lightgbmLibrary } from './lightgbm-library.ts';
import { quick, settings } from './settings.ts';

const { version } = packageOf(import.meta.url);

/** LightGBM over the table of all first-level outputs. */
export const family: StackFamily = {
  kind: 'stack',
  name: 'stack-lightgbm',
  version,
  summary: 'gradient-boosted trees over the feature table',
  variants: settings as unknown as StackFamily['variants'],
  quick: quick as unknown as JsonValue,
  preparation: {
    name: 'lightgbm',
    missing: () => missingLibrary(),
    run: ({ signal, onProgress } = {}) =>
      ensureLibrary({
        ...(signal === undefined ? {} : { signal }),
        onProgress: ({ fraction, file }) => onProgress?.({ name: 'lightgbm', fraction, note: file }),
      }),
  },
  // Bins of a byte, and what they are made from.
  bytesPerValue: 2,
  // LightGBM promises it of `deterministic`, with which it is trained here.
  anyThreads: true,
  fit: async (input) => {
    const own = readTreeSettings<LightgbmParams>(input.settings);
    return fitTrees(input, own.target, openBoosterTables(lightgbmLibrary(own), own));
  },
  load: (text) => loadTrees(text, async (model) => boosterModel(await Booster.fromText(model))),
};
