import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { netInputShape, type NetFamily } from '@primatrix/families';
import { seedFrom } from '@primatrix/rng';
import { writeFileAtomic } from '@primatrix/files';
import {
  exportInference,
  stepsOfEpoch,
  trainingMemory,
  trainNet,
  usualCacheBytes,
  type NetSpec,
} from '@primatrix/nets';
import { needsOf } from '../plan/stage-needs.ts';
import { usualMemory, type Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { netInput, netSamples } from './net-samples.ts';
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
    cost:
      (stepsOfEpoch(settings.train, training.dataset.clips.length) *
        settings.train.maxEpochs *
        settings.train.batch *
        settings.crop.reduce((a, b) => a * b, 1)) /
      40_000,
    onDevice: training.context.device !== 'cpu',
    async memory() {
      const { labelled } = await netSamples(training, net);
      if (labelled.length === 0) return usualMemory;
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
      const { maxEpochs } = settings.train;
      const stepsPerEpoch = stepsOfEpoch(settings.train, train.length);
      const result = await trainNet({
        spec,
        settings: settings.train,
        train,
        valid,
        crops: settings.crops,
        padding: settings.padding ?? 'repeat',
        seed: seedFrom(training.seed, net.name, fold),
        fold: `${fold}`,
        threads: trainingThreads,
        device: training.context.device,
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
      await writeFileAtomic(join(artifacts, foldModelPath(net.name, fold)), exportInference(spec, result.weights));
      const rows = result.history.map(({ epoch, loss, validLoss }) => `${fold},${epoch},${loss},${validLoss}`);
      await writeFileAtomic(join(artifacts, foldHistoryPath(net.name, fold)), `${historyHeader}\n${rows.join('\n')}\n`);
      await rm(checkpoint, { force: true });
      return {
        outputs: [foldModelPath(net.name, fold), foldHistoryPath(net.name, fold)],
        summary: { epochs: result.history.length, bestEpoch: result.bestEpoch, bestValidLoss: result.bestValidLoss },
      };
    },
  };
}

/** The net as it is before there are features: over rows of the shape that their family says. */
function declaredNet({ families, profile, dataset }: Training, net: NetFamily): NetSpec {
  const input = netInputShape(net, familySet(families, profile).features, profile);
  return net.build({ input, classes: dataset.classes.length, profile });
}
