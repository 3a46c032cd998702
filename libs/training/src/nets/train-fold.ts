import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { netInputShape, type NetFamily, type NetSettings } from '@primatrix/families';
import { seedFrom } from '@primatrix/rng';
import { writeFileAtomic } from '@primatrix/files';
import {
  exportInference,
  stepsOfEpoch,
  trainingMemory,
  trainNet,
  usualCacheBytes,
  type NetSpec,
  type TrainSettings,
} from '@primatrix/nets';
import { needsOf } from '../plan/stage-needs.ts';
import { usualMemory, type Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { fitProbe, type Learnt } from './fit-probe.ts';
import { netInput, netSamples, type LabelledSample } from './net-samples.ts';
import { reasonToLeaveOut } from './trained-nets.ts';

/** Threads of one training: folds run beside each other, and one thread gives the same sums everywhere. */
export const trainingThreads = 1;

/** Of a feature, at most: float32. */
const bytesOfValue = 4;

/**
 * What stands in a fold's cache key for what the crop leaves whole of a row: the digests of the features, which are in the
 * key too, say more. Another number would have every net of a training that exists trained anew, to the same weights.
 */
const anyFeatures = 1;

/** Columns of learning curves. */
export const historyHeader = 'fold,epoch,loss,valid_loss';

/** Where a fold's model lies, below the artifact folder. */
export function foldModelPath(net: string, fold: number): string {
  return `nets/${net}/fold-${fold}.onnx`;
}

/** Where a fold's learning curve lies, below the artifact folder. */
export function foldHistoryPath(net: string, fold: number): string {
  return `nets/${net}/history-fold-${fold}.csv`;
}

/** Trains a net on all folds but one and keeps the weights that did best on that one. Leaves out a net that lacks clips. */
export function trainFoldStage(training: Training, net: NetFamily, fold: number): Stage {
  const { artifacts, profile, engine = 'onnx' } = training;
  const settings = net.settings[profile];
  return {
    project: net.name,
    task: `train-fold-${fold}`,
    needs: needsOf(training, net.name, `train-fold-${fold}`),
    cost: settings.train === undefined ? 0.01 * training.dataset.clips.length : trainingCost(training, settings),
    async memory() {
      const { labelled } = await netSamples(training, net);
      if (labelled.length === 0 || settings.train === undefined) return usualMemory;
      const samples = labelled.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, bytesOfValue), 0);
      return (
        Math.min(samples, usualCacheBytes) +
        trainingMemory(
          net.build({ input: netInput(settings.crop, labelled), classes: training.dataset.classes.length, profile }),
          settings.train,
        )
      );
    },
    inputs: async () => ({
      version: net.version,
      settings,
      net: { ...declaredNet(training, net), input: [...settings.crop, anyFeatures] },
      seed: training.seed,
      fold,
      folds: training.folds,
      threads: trainingThreads,
      engine,
    }),
    async run({ signal, report }) {
      const samples = await netSamples(training, net);
      const leftOut = reasonToLeaveOut(samples.labelled, settings.feature, training.folds);
      if (leftOut !== undefined) return { outputs: [], summary: { leftOut } };
      const train = samples.labelled.filter((sample) => sample.fold !== fold);
      const valid = samples.labelled.filter((sample) => sample.fold === fold);
      const spec = net.build({
        input: netInput(settings.crop, samples.labelled),
        classes: training.dataset.classes.length,
        profile,
      });
      const checkpoint = join(artifacts, `nets/${net.name}/.fold-${fold}.checkpoint`);
      const learnt: Learnt =
        settings.train === undefined
          ? await fitProbe({ training, spec, settings, train, valid, signal })
          : await learn({ ...settings, train: settings.train }, { spec, train, valid });
      const { weights, history, bestEpoch, bestValidLoss } = learnt;
      await writeFileAtomic(join(artifacts, foldModelPath(net.name, fold)), exportInference(spec, weights));
      const rows = history.map(({ epoch, loss, validLoss }) => `${fold},${epoch},${loss},${validLoss}`);
      await writeFileAtomic(join(artifacts, foldHistoryPath(net.name, fold)), `${historyHeader}\n${rows.join('\n')}\n`);
      await rm(checkpoint, { force: true });
      return {
        outputs: [foldModelPath(net.name, fold), foldHistoryPath(net.name, fold)],
        summary: { epochs: history.length, bestEpoch, bestValidLoss },
      };

      function learn(
        { train: how, crops, padding = 'repeat' }: NetSettings & { readonly train: TrainSettings },
        samples: {
          readonly spec: NetSpec;
          readonly train: readonly LabelledSample[];
          readonly valid: readonly LabelledSample[];
        },
      ): Promise<Learnt> {
        const { maxEpochs } = how;
        const stepsPerEpoch = stepsOfEpoch(how, samples.train.length);
        return trainNet({
          ...samples,
          settings: how,
          crops,
          padding,
          seed: seedFrom(training.seed, net.name, fold),
          fold: `${fold}`,
          threads: trainingThreads,
          engine,
          checkpoint,
          signal,
          onProgress(event) {
            if (event.kind === 'step') {
              report((event.epoch - 1 + event.step / stepsPerEpoch) / maxEpochs, `epoch ${event.epoch}`);
            }
            if (event.kind === 'epoch') {
              report(event.epoch / maxEpochs, `epoch ${event.epoch}, validation loss ${event.validLoss.toFixed(4)}`);
            }
          },
        });
      }
    },
  };
}

/** Rough seconds of training by gradient. */
function trainingCost(
  { dataset }: Training,
  { train, crop }: { readonly train: TrainSettings; readonly crop: readonly number[] },
): number {
  const clips = stepsOfEpoch(train, dataset.clips.length) * train.maxEpochs * train.batch;
  return (clips * crop.reduce((a, b) => a * b, 1)) / 40_000;
}

/** The net as it is before there are features: over rows of the shape that their family says. */
function declaredNet({ families, profile, dataset }: Training, net: NetFamily): NetSpec {
  const input = netInputShape(net, familySet(families, profile).features, profile);
  return net.build({ input, classes: dataset.classes.length, profile });
}
