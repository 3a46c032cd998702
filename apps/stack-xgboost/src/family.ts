import { createRequire } from 'node:module';
import type { StackFamily } from '@primatrix/families';
import { fitTrees, loadTrees } from '@primatrix/tree-stack';
import { loadXgboost, openTables } from './xgboost-tables.ts';
import { xgboostSettingsSchema, settings, type XgboostSettings } from './settings.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** XGBoost over the table of all first-level outputs. */
export const family: StackFamily = {
  kind: 'stack',
  name: 'stack-xgboost',
  version,
  summary: 'gradient-boosted trees over the feature table',
  variants: settings as unknown as StackFamily['variants'],
  fit: async (input) => {
    const own = xgboostSettingsSchema.parse(input.settings) as XgboostSettings;
    return fitTrees(input, own.target, (tables) => openTables(tables, own));
  },
  load: (text) => loadTrees(text, loadXgboost),
};
