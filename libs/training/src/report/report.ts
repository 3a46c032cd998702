import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFileAtomic } from '@primatrix/files';
import { renderReport } from '@primatrix/report';
import { needsOf } from '../plan/stage-needs.ts';
import { usualMemory, type Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { collectReport } from './collect-report.ts';
import { reportVersions } from './report-versions.ts';

const reportFile = 'report/index.html';

const { version: pageVersion } = createRequire(import.meta.url)('@primatrix/report/package.json') as {
  version: string;
};

/** The page that shows what a training came to: `report/index.html`. */
export function reportStage(training: Training): Stage {
  const { ensemble, stacks, nets } = familySet(training.families, training.profile);
  const { clips, classes } = training.dataset;
  return {
    project: ensemble.name,
    task: 'report',
    needs: needsOf(training, ensemble.name, 'report'),
    cost: 5,
    async memory() {
      const variants = stacks.flatMap((family) => Object.keys(family.variants[training.profile]));
      const cells = classes.length * clips.filter(({ split }) => split === 'train').length;
      // How each clip came out beside an index of features, and what every model says of the labelled ones, with their labels.
      return usualMemory + 2500 * clips.length + 9 * cells * (variants.length + nets.length + 1);
    },
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
