import { join } from 'node:path';
import type { EnsembleMember } from '@primatrix/families';
import { writePredictions } from '@primatrix/dataset';
import { readNetPredictions } from '@primatrix/feature-table';
import { canonicalJson, writeFileAtomic } from '@primatrix/files';
import { accuracy, logLoss } from '@primatrix/metrics';
import type { Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../training.ts';
import { memberName } from './stack.ts';

/** Where the ensemble's weights lie, below the artifact folder. */
export const ensembleWeightsFile = 'ensemble/weights.json';
/** Where the test predictions in the competition's format lie, below the artifact folder. */
export const submissionFile = 'ensemble/submission.csv';

/** Weighs the second level's members and writes the submission for the test clips. */
export function ensembleStage(training: Training): Stage {
  const { artifacts, dataset } = training;
  const { ensemble, stacks } = familySet(training.families, training.profile);
  const variants = stacks.flatMap((family) => Object.keys(family.variants[training.profile]).map((variant) => ({ family, variant })));
  const names = variants.map(({ family, variant }) => memberName(family, variant));
  const classes = dataset.classes.length;
  return {
    project: ensemble.name,
    task: 'fit',
    needs: variants.map(({ family, variant }) => `${family.name}:train-${variant}`),
    cost: 1,
    inputs: async () => ({ version: ensemble.version, classes: dataset.classes, dataset: dataset.digest }),
    async run() {
      const membersOf = async (split: 'train' | 'test') => {
        const tables = await Promise.all(names.map((name) => readNetPredictions(join(artifacts, `stack/${name}/${split}.parquet`), dataset.classes)));
        const members = tables.map((table, i): EnsembleMember => ({ name: names[i] ?? '', probabilities: Float64Array.from(table.probabilities) }));
        return { filenames: tables[0]?.filenames ?? [], members };
      };
      const labelOf = new Map(dataset.clips.map((clip) => [clip.filename, clip.labels]));
      const train = await membersOf('train');
      const labels = Uint8Array.from(train.filenames.flatMap((name) => [...(labelOf.get(name) ?? new Uint8Array(classes))]));
      const weights = ensemble.defaultWeights(names);
      const scoreOf = (predictions: Float64Array) => {
        const scored = { classes: dataset.classes, predictions, labels };
        return { logLoss: logLoss(scored), accuracy: accuracy(scored) };
      };
      const outOfFold = scoreOf(ensemble.combine(train.members, weights));
      const members = Object.fromEntries(train.members.map((member) => [member.name, scoreOf(member.probabilities)]));
      // Told, not used: searched on the very predictions that it is scored on, so its score is flattered.
      const best = ensemble.searchWeights(train.members, labels, classes);
      const searched = { weights: best, outOfFold: scoreOf(ensemble.combine(train.members, best)) };
      await writeFileAtomic(join(artifacts, ensembleWeightsFile), `${canonicalJson({ weights, outOfFold, members, searched, clips: train.filenames.length })}\n`);

      const test = await membersOf('test');
      const predicted = test.members.length === 0 ? new Float64Array() : ensemble.combine(test.members, weights);
      const unpredicted = await writeSubmission(training, labels, test.filenames, predicted);
      return { outputs: [ensembleWeightsFile, submissionFile], summary: { outOfFold, unpredicted } };
    },
  };
}

/**
 * The competition's format has a row for every test clip and no place to say that a clip could not be read:
 * such clips get the shares of the classes among the labelled ones.
 * @returns names of those clips
 */
async function writeSubmission(training: Training, labels: Uint8Array, filenames: readonly string[], predicted: Float64Array): Promise<string[]> {
  const { dataset, artifacts } = training;
  const classes = dataset.classes.length;
  const shares = Float64Array.from({ length: classes }, (_, c) => labels.filter((_label, i) => i % classes === c).reduce((sum, label) => sum + label, 0) / (labels.length / classes));
  const rowOf = new Map(filenames.map((name, row) => [name, row]));
  const test = dataset.clips.filter((clip) => clip.split === 'test').map((clip) => clip.filename);
  const probabilities = new Float64Array(test.length * classes);
  const unpredicted: string[] = [];
  test.forEach((name, i) => {
    const row = rowOf.get(name);
    if (row === undefined) unpredicted.push(name);
    probabilities.set(row === undefined ? shares : predicted.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  await writePredictions(join(artifacts, submissionFile), { classes: dataset.classes, filenames: test, probabilities });
  return unpredicted;
}
