import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFileAtomic } from '@primatrix/files';
import { renderReport } from '@primatrix/report';
import type { Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { quickStackers } from '../site-check/site-check.ts';
import { collectReport } from './collect-report.ts';
import { reportVersions } from './report-versions.ts';

const reportFile = 'report/index.html';

const { version: pageVersion } = createRequire(import.meta.url)('@primatrix/report/package.json') as {
  version: string;
};

/** The page that shows what a training came to: `report/index.html`. */
export function reportStage(training: Training): Stage {
  const { ensemble, features, metadata, neighbours, nets, stacks } = familySet(training.families, training.profile);
  return {
    project: ensemble.name,
    task: 'report',
    needs: [
      ...['fit', 'bundle'].map((task) => `${ensemble.name}:${task}`),
      ...quickStackers(training).map((family) => `${family.name}:site-check`),
      `${metadata.name}:ingest`,
      `${neighbours.name}:table`,
      ...features.map((family) => `${family.name}:features`),
      ...nets.map((net) => `${net.name}:validate`),
      ...stacks.flatMap((family) =>
        Object.keys(family.variants[training.profile]).map((variant) => `${family.name}:train-${variant}`),
      ),
    ],
    cost: 5,
    inputs: async () => ({
      dataset: training.dataset.name,
      versions: reportVersions(training),
      page: pageVersion,
      profile: training.profile,
      folds: training.folds,
      seed: training.seed,
    }),
    async run({ signal }) {
      await writeFileAtomic(join(training.artifacts, reportFile), renderReport(await collectReport(training, signal)));
      return { outputs: [reportFile], summary: null };
    },
  };
}
