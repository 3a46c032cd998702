import { join } from 'node:path';
import { readLabels, readPredictions, score, openDataset } from '@primatrix/dataset';
import { makeSampleDataset } from '@primatrix/sample-dataset';
import { Command } from 'commander';
import { openTraining } from '../training/open-training.ts';
import { wholeNumber } from '../options/parse-option.ts';
import type { Session } from '../terminal/session.ts';
import { count, formatTable } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { runPredict } from '../predict/run-predict.ts';
import { runTraining } from './train.ts';

interface DemoOptions {
  readonly dir: string;
  readonly clips: number;
  readonly seed: number;
}

/** `primatrix demo`: the main job on the sample dataset, from nothing to scores. */
export function demoCommand(session: Session): Command {
  return new Command('demo')
    .description(
      'Makes the sample dataset, trains the laptop profile, predicts the test clips with the bundle and scores ' +
        'them. Some minutes on two cores.',
    )
    .option('--dir <dir>', 'folder for everything it makes', 'primatrix-demo')
    .option('--clips <n>', 'clips of the sample dataset', wholeNumber({ min: 48 }), 96)
    .option('--seed <n>', 'seed', wholeNumber({ min: 0 }), 1)
    .addHelpText('after', '\nExample:\n  $ primatrix demo')
    .action(async (options: DemoOptions) => {
      const dataset = join(options.dir, 'sample');
      const sample = new Progress('1/3 sample');
      await makeSampleDataset({
        out: dataset,
        clips: options.clips,
        seed: options.seed,
        signal: session.signal,
        onProgress: ({ done, total, file }) => sample.update(done / total, file),
      });
      sample.finish(
        `1/3 sample dataset of ${count(options.clips, 'clip')} in ${dataset} (three are damaged on purpose)`,
      );

      const training = await openTraining({
        dataset,
        artifacts: join(options.dir, 'artifacts'),
        profile: 'laptop',
        folds: 5,
        seed: options.seed,
        device: 'cpu',
      });
      const trained = await runTraining(training, session);

      const out = join(options.dir, 'predictions.csv');
      const { clips } = await openDataset(dataset);
      const test = clips.filter((clip) => clip.split === 'test');
      const { ledger } = await runPredict(
        test,
        { bundle: trained.places.bundle, out, format: 'csv', device: 'cpu' },
        session,
      );

      const labels = await readLabels(join(dataset, 'test_labels.csv'));
      const ensemble = score({ labels, predictions: await readPredictions(out) });
      console.log(
        [
          `${count(ledger.files, 'test clip')}: ${ledger.ok} ok, ${ledger.degraded} degraded, ${ledger.failed} failed`,
          `test log loss ${ensemble.logLoss.toFixed(4)}, accuracy ${ensemble.accuracy.toFixed(3)} (${count(ensemble.scored, 'clip')})`,
          '',
          'Out-of-fold scores:',
          formatTable(
            ['model', 'log loss', 'accuracy'],
            Object.entries({ ...trained.members, ensemble: trained.ensemble }).map(([name, { logLoss, accuracy }]) => [
              name,
              logLoss.toFixed(4),
              accuracy.toFixed(3),
            ]),
          ),
          '',
          ...trained.warnings.map((warning) => `warning: ${warning}`),
          `predictions  ${out}`,
          `submission   ${trained.places.submission}`,
          `report       ${trained.places.report}`,
          `bundle       ${trained.places.bundle}`,
          '',
          'Try next:',
          `  primatrix predict <your clips> --bundle ${trained.places.bundle} --out mine.csv`,
          '  primatrix train --dataset <your dataset>     (its layout: see README)',
          '  primatrix doctor                             (what this machine can do)',
        ].join('\n'),
      );
    });
}
