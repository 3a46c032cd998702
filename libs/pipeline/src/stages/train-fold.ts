import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetFamily } from '@primatrix/families';
import { seedFrom } from '@primatrix/rng';
import { writeFileAtomic } from '@primatrix/files';
import { trainNet } from '@primatrix/nets';
import type { Stage } from '../plan/stage.ts';
import { PlanSettingsError } from '../plan-settings-error.ts';
import { familySet, type Training } from '../training.ts';
import { netSamples, sampleWidth } from './net-samples.ts';

/** Threads of one training: folds run beside each other, and one thread gives the same sums everywhere. */
export const trainingThreads = 1;

/** Where a fold's model lies, below the artifact folder. */
export function foldModelPath(net: string, fold: number): string {
  return `nets/${net}/fold-${fold}.onnx`;
}

/** Where a fold's learning curve lies, below the artifact folder. */
export function foldHistoryPath(net: string, fold: number): string {
  return `nets/${net}/history-fold-${fold}.csv`;
}

/** Trains a net on all folds but one and keeps the weights that did best on that one. */
export function trainFoldStage(training: Training, net: NetFamily, fold: number): Stage {
  const { artifacts, profile } = training;
  const settings = net.settings[profile];
  return {
    project: net.name,
    task: `train-fold-${fold}`,
    needs: [featuresNeed(training, net), `${familySet(training.families, profile).metadata.name}:ingest`],
    cost: (settings.train.stepsPerEpoch * settings.train.maxEpochs * settings.train.batch * settings.length) / 40_000,
    inputs: async () => ({
      version: net.version,
      settings,
      net: net.build({ length: settings.length, width: 1, classes: training.dataset.classes.length, profile }),
      seed: training.seed,
      fold,
      folds: training.folds,
      threads: trainingThreads,
    }),
    async run({ signal, report }) {
      const samples = await netSamples(training, net);
      const train = samples.labelled.filter((sample) => sample.fold !== fold);
      const validation = samples.labelled.filter((sample) => sample.fold === fold);
      if (train.length === 0 || validation.length === 0) {
        throw new PlanSettingsError('PLAN_FOLD', `pipeline: fold ${fold} of ${net.name} has ${train.length} clips to train on and ${validation.length} to validate on`, {
          hint: 'use fewer folds (--folds), or label more clips',
        });
      }
      const spec = net.build({ length: settings.length, width: sampleWidth(samples), classes: training.dataset.classes.length, profile });
      const checkpoint = join(artifacts, `nets/${net.name}/.fold-${fold}.checkpoint`);
      const result = await trainNet({
        spec,
        settings: settings.train,
        train,
        validation,
        length: settings.length,
        crops: settings.crops,
        seed: seedFrom(training.seed, net.name, fold),
        label: `${net.name} fold ${fold}`,
        threads: trainingThreads,
        checkpoint,
        signal,
        onEpoch: (epoch) => report(epoch.epoch / settings.train.maxEpochs, `epoch ${epoch.epoch}, validation loss ${epoch.valLoss.toFixed(4)}`),
      });
      await writeFileAtomic(join(artifacts, foldModelPath(net.name, fold)), result.model);
      const rows = result.history.map(({ epoch, loss, valLoss }) => `${fold},${epoch},${loss},${valLoss}`);
      await writeFileAtomic(join(artifacts, foldHistoryPath(net.name, fold)), `fold,epoch,loss,val_loss\n${rows.join('\n')}\n`);
      await rm(checkpoint, { force: true, recursive: true });
      return {
        outputs: [foldModelPath(net.name, fold), foldHistoryPath(net.name, fold)],
        summary: { epochs: result.history.length, bestEpoch: result.bestEpoch, bestLoss: result.bestLoss },
      };
    },
  };
}

/** The stage whose features a net reads. */
export function featuresNeed(training: Training, net: NetFamily): string {
  const feature = net.settings[training.profile].feature;
  const family = familySet(training.families, training.profile).features.find((candidate) => candidate.feature === feature);
  return `${family?.name ?? feature}:features`;
}
