import { join } from 'node:path';
import { siteGroups, writePredictions } from '@primatrix/dataset';
import { writeNetPredictions } from '@primatrix/feature-table';
import { canonicalJson, digestOf, writeFileAtomic } from '@primatrix/files';
import { needsOf } from '../plan/stage-needs.ts';
import { usualMemory, type Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { memberName } from '../second-level/stack.ts';
import {
  calibrationFile,
  ensembleTrainFile,
  ensembleWeightsFile,
  submissionFile,
  thresholdsFile,
} from './ensemble-files.ts';
import { judgeEnsemble } from './judge-ensemble.ts';
import { labelsOfClips, readMemberTables } from './member-tables.ts';

/** Of each labelled clip's class: what every member says of it, as read and again of the folds that weights are found on. */
const bytesOfMember = 20;
/** The same of each way of weighing and of calibrating: what it comes to. */
const bytesOfWays = 80;

/** Weighs and calibrates the second level's members, finds thresholds, and writes the submission for the test clips. */
export function ensembleStage(training: Training): Stage {
  const { artifacts, dataset, seed } = training;
  const { ensemble, stacks } = familySet(training.families, training.profile);
  const variants = stacks.flatMap((family) =>
    Object.keys(family.variants[training.profile]).map((variant) => ({ family, variant })),
  );
  const names = variants.map(({ family, variant }) => memberName(family, variant));
  const classes = dataset.classes.length;
  const settings = ensemble.settings[training.profile];
  return {
    project: ensemble.name,
    task: 'fit',
    needs: needsOf(training, ensemble.name, 'fit'),
    cost: 1,
    memory: async () => {
      const cells = (split: 'train' | 'test') => classes * dataset.clips.filter((clip) => clip.split === split).length;
      return (
        usualMemory + cells('train') * (bytesOfMember * names.length + bytesOfWays) + cells('test') * 8 * names.length
      );
    },
    inputs: async () => ({
      version: ensemble.version,
      settings,
      seed,
      classes: dataset.classes,
      dataset: dataset.digest,
      submission: digestOf(dataset.submission),
    }),
    async run() {
      // Both are read, and checked, before anything is written.
      const train = await readMemberTables(artifacts, names, 'train', dataset.classes);
      const test = await readMemberTables(artifacts, names, 'test', dataset.classes);
      const labels = labelsOfClips(dataset, train.filenames);
      const clipOf = new Map(dataset.clips.map((clip) => [clip.filename, clip]));
      const folds = train.folds ?? new Int32Array(train.filenames.length);
      const sites = siteGroups(train.filenames.map((name) => clipOf.get(name) ?? {}));
      const { predictions, weights, calibration, thresholds } = judgeEnsemble(
        ensemble,
        { members: train.members, labels, folds, classes },
        { settings, classes: dataset.classes, sites, seed },
      );

      const write = (file: string, content: unknown) =>
        writeFileAtomic(join(artifacts, file), `${canonicalJson(content)}\n`);
      await write(ensembleWeightsFile, weights);
      await write(calibrationFile, calibration);
      await write(thresholdsFile, thresholds);
      await writeNetPredictions(join(artifacts, ensembleTrainFile), {
        filenames: train.filenames,
        classes: dataset.classes,
        probabilities: predictions,
        folds,
      });
      const predicted = ensemble.combine(
        test.members,
        weights.weights,
        calibration.methods[settings.calibration].fitted,
      );
      const unpredicted = await writeSubmission(training, labels, test.filenames, predicted);
      return {
        outputs: [ensembleWeightsFile, calibrationFile, thresholdsFile, ensembleTrainFile, submissionFile],
        summary: { outOfFold: weights.outOfFold, unpredicted },
      };
    },
  };
}

/**
 * Fills in the submission format: its rows and its columns, in its order. It has no place to say that a clip could not be
 * read: such clips get the shares of the classes among the labelled ones.
 * @returns names of those clips
 */
async function writeSubmission(
  training: Training,
  labels: Uint8Array,
  filenames: readonly string[],
  predicted: Float64Array,
): Promise<string[]> {
  const { dataset, artifacts } = training;
  const { submission } = dataset;
  const classes = dataset.classes.length;
  const shares = Float64Array.from(
    { length: classes },
    (_, c) =>
      labels.filter((_label, i) => i % classes === c).reduce((sum, label) => sum + label, 0) /
      (labels.length / classes),
  );
  const rowOf = new Map(filenames.map((name, row) => [name, row]));
  const columns = submission.classes.map((name) => dataset.classes.indexOf(name));
  const probabilities = new Float64Array(submission.filenames.length * classes);
  submission.filenames.forEach((name, i) => {
    const row = rowOf.get(name);
    const found = row === undefined ? shares : predicted.subarray(row * classes, (row + 1) * classes);
    columns.forEach((from, to) => (probabilities[i * classes + to] = found[from] as number));
  });
  await writePredictions(join(artifacts, submissionFile), {
    classes: submission.classes,
    filenames: submission.filenames,
    probabilities,
  });
  return submission.filenames.filter((name) => !rowOf.has(name));
}
