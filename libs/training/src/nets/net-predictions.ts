import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetFamily } from '@primatrix/families';
import { writeNetPredictions } from '@primatrix/feature-table';
import { canonicalJson, writeFileAtomic } from '@primatrix/files';
import { accuracy, logLoss } from '@primatrix/metrics';
import { predictNet } from '@primatrix/nets';
import { readFeatureIndex } from '../features/feature-index.ts';
import { needsOf } from '../plan/stage-needs.ts';
import type { Stage } from '../plan/stage.ts';
import type { Training } from '../plan/training.ts';
import { addShare } from '@primatrix/prediction';
import { netInput, netSamples, type NetSample } from './net-samples.ts';
import { foldHistoryPath, foldModelPath, historyHeader, trainingThreads } from './train-fold.ts';
import { reasonToLeaveOut } from './trained-nets.ts';

const foldNumbers = (training: Training) => Array.from({ length: training.folds }, (_, i) => i + 1);

/**
 * Out-of-fold predictions: every labelled clip that has the net's features, predicted by the one model that did not see it.
 * Writes `nets/<net>/{train.parquet, history.csv, card.json}`; of a net that was left out, a card that says why.
 */
export function validateStage(training: Training, net: NetFamily): Stage {
  const { artifacts, dataset } = training;
  const classes = dataset.classes.length;
  return {
    project: net.name,
    task: 'validate',
    needs: needsOf(training, net.name, 'validate'),
    cost: 0.02 * dataset.clips.length,
    onDevice: training.context.device !== 'cpu',
    inputs: async () => ({ classes: dataset.classes, crops: net.settings[training.profile].crops }),
    async run({ signal, report }) {
      const { labelled } = await netSamples(training, net);
      const leftOut = reasonToLeaveOut(labelled, net.settings[training.profile].feature, training.folds);
      if (leftOut !== undefined) {
        await writeFileAtomic(
          join(artifacts, `nets/${net.name}/card.json`),
          `${canonicalJson({ net: net.name, version: net.version, leftOut })}\n`,
        );
        return { outputs: [`nets/${net.name}/card.json`], summary: { leftOut } };
      }
      const probabilities = new Float64Array(labelled.length * classes);
      for (const fold of foldNumbers(training)) {
        const rows = labelled.flatMap((sample, row) => (sample.fold === fold ? [row] : []));
        const predicted = await predictFold(
          training,
          net,
          fold,
          rows.map((row) => labelled[row] as NetSample),
          signal,
        );
        rows.forEach((row, i) => probabilities.set(predicted.subarray(i * classes, (i + 1) * classes), row * classes));
        report(fold / training.folds);
      }
      const labels = Uint8Array.from(labelled.flatMap((sample) => [...sample.labels]));
      const folder = `nets/${net.name}`;
      await writeNetPredictions(join(artifacts, folder, 'train.parquet'), {
        filenames: labelled.map((sample) => sample.id),
        folds: Int32Array.from(labelled, (sample) => sample.fold),
        classes: dataset.classes,
        probabilities,
      });
      await mergeHistories(training, net);
      const scored = { classes: dataset.classes, predictions: probabilities, labels };
      const scores = { clips: labelled.length, logLoss: logLoss(scored), accuracy: accuracy(scored) };
      const settings = net.settings[training.profile];
      const index = await readFeatureIndex(artifacts, settings.feature);
      const card = {
        net: net.name,
        version: net.version,
        profile: training.profile,
        dataset: { name: dataset.name, digest: dataset.digest },
        classes: dataset.classes,
        folds: training.folds,
        seed: training.seed,
        settings,
        input: { feature: settings.feature, version: index.version, weights: index.weights },
        outOfFold: scores,
      };
      await writeFileAtomic(join(artifacts, folder, 'card.json'), `${canonicalJson(card)}\n`);
      return {
        outputs: ['train.parquet', 'history.csv', 'card.json'].map((file) => `${folder}/${file}`),
        summary: scores,
      };
    },
  };
}

/** Where what the model of one fold says of the unlabelled clips lies, below the artifact folder. */
export function foldPredictionsPath(net: string, fold: number): string {
  return `nets/${net}/fold-${fold}.parquet`;
}

/**
 * Predictions of unlabelled clips: the mean over the models of all folds in `nets/<net>/{test,other}.parquet`, and what each
 * of them says in `nets/<net>/fold-<n>.parquet`, because only one did not learn from a labelled clip beside them.
 */
export function predictStage(training: Training, net: NetFamily): Stage {
  const { artifacts, dataset } = training;
  const classes = dataset.classes.length;
  return {
    project: net.name,
    task: 'predict',
    needs: needsOf(training, net.name, 'predict'),
    cost: 0.02 * dataset.clips.length,
    onDevice: training.context.device !== 'cpu',
    inputs: async () => ({
      tables: 'mean and folds',
      classes: dataset.classes,
      crops: net.settings[training.profile].crops,
      other: net.settings[training.profile].other,
    }),
    async run({ signal, report }) {
      const samples = await netSamples(training, net);
      const leftOut = reasonToLeaveOut(samples.labelled, net.settings[training.profile].feature, training.folds);
      if (leftOut !== undefined) return { outputs: [], summary: { leftOut } };
      const others = net.settings[training.profile].other === false ? [] : samples.other;
      const unlabelled = [...samples.test, ...others];
      const filenames = unlabelled.map((sample) => sample.id);
      const mean = new Float64Array(unlabelled.length * classes);
      for (const fold of foldNumbers(training)) {
        const predicted = await predictFold(training, net, fold, unlabelled, signal);
        await writeNetPredictions(join(artifacts, foldPredictionsPath(net.name, fold)), {
          filenames,
          classes: dataset.classes,
          probabilities: predicted,
        });
        addShare(mean, predicted, training.folds);
        report(fold / training.folds);
      }
      const border = samples.test.length;
      for (const [split, [from, to]] of Object.entries({
        test: [0, border],
        other: [border, filenames.length],
      } as const)) {
        await writeNetPredictions(join(artifacts, `nets/${net.name}/${split}.parquet`), {
          filenames: filenames.slice(from, to),
          classes: dataset.classes,
          probabilities: mean.slice(from * classes, to * classes),
        });
      }
      return {
        outputs: [
          ...['test', 'other'].map((split) => `nets/${net.name}/${split}.parquet`),
          ...foldNumbers(training).map((fold) => foldPredictionsPath(net.name, fold)),
        ],
        summary: { test: samples.test.length, other: others.length },
      };
    },
  };
}

async function predictFold(
  training: Training,
  net: NetFamily,
  fold: number,
  samples: readonly NetSample[],
  signal: AbortSignal,
): Promise<Float32Array> {
  const { crop, crops, padding = 'repeat' } = net.settings[training.profile];
  return predictNet(join(training.artifacts, foldModelPath(net.name, fold)), samples, {
    input: netInput(crop, samples),
    classes: training.dataset.classes.length,
    crops,
    padding,
    threads: trainingThreads,
    device: training.context.device,
    signal,
  });
}

async function mergeHistories(training: Training, net: NetFamily): Promise<void> {
  const parts = await Promise.all(
    foldNumbers(training).map(async (fold) =>
      (await readFile(join(training.artifacts, foldHistoryPath(net.name, fold)), 'utf8')).split('\n').slice(1, -1),
    ),
  );
  await writeFileAtomic(
    join(training.artifacts, `nets/${net.name}/history.csv`),
    `${historyHeader}\n${parts.flat().join('\n')}\n`,
  );
}
