import { prepareFamilies } from '@primatrix/families';
import {
  doubtfulOrder,
  trainingSummary,
  trainPlan,
  runPlan,
  type Stage,
  type Training,
  type TrainingSummary,
} from '@primatrix/training';
import { Command } from 'commander';
import { exitStatus } from '../terminal/exit-status.ts';
import { openTraining, withTrainingOptions, type TrainingOptions } from '../training/open-training.ts';
import { openRemoteTraining, withRemoteOptions, type RemoteTrainingOptions } from '../training/remote-training.ts';
import type { Session } from '../terminal/session.ts';
import { count, describeUnreadable, formatTable, onOneLine } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { whilePreparing } from '../while-preparing.ts';

/** `primatrix train`: the whole pipeline, from clips to ensemble, report and bundle. */
export function trainCommand(session: Session): Command {
  return withRemoteOptions(withTrainingOptions(new Command('train')))
    .description(
      'Runs the whole pipeline. What is there already is not made again, so an interrupted training goes on where ' +
        'it stopped.',
    )
    .option('--dry-run', 'only list the stages, and what each needs')
    .option('--json', 'print the summary as one JSON object')
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix train --dataset data/sample\n' +
        '  $ primatrix train --dataset /data/serengeti --profile competition --only net-vgg16-gru\n' +
        '  $ primatrix train --dataset data/sample --only none --net my-net.json\n' +
        '  $ primatrix train --dataset data/sample --model yolox-nano --model dinov2-small\n' +
        '  $ NATS_URL=nats://broker:4222 primatrix train --remote --dataset /mnt/shared/clips --artifacts /mnt/shared/artifacts',
    )
    .action(async (options: TrainingOptions & RemoteTrainingOptions & { dryRun?: true; json?: true }) => {
      const training = await openTraining(options);
      for (const [name, reason] of training.leftOut ?? []) process.stderr.write(`left out ${name}: ${reason}\n`);
      if (options.dryRun) {
        console.log(
          formatTable(
            ['stage', 'needs'],
            trainPlan(training).map((stage) => [`${stage.project}:${stage.task}`, stage.needs.join(' ') || '-']),
          ),
        );
        return;
      }
      const summary = await runTraining(training, session, options.remote === true ? options : undefined);
      if (summary.clips.failed > 0) session.status = exitStatus.failed;
      console.log(options.json ? JSON.stringify(summary, null, 2) : describe(summary));
    });
}

/**
 * Runs all stages with a progress bar and gives their summary.
 * @param elsewhere the options of a training whose stages trainers run; default: this process does
 */
export async function runTraining(
  training: Training,
  session: Session,
  elsewhere?: TrainingOptions & RemoteTrainingOptions,
): Promise<TrainingSummary> {
  if (elsewhere === undefined) await whilePreparing(session, (told) => prepareFamilies(training.families, told));
  for (const line of describeUnreadable(training.dataset.unreadable)) process.stderr.write(`${line}\n`);
  if (training.dataset.unreadable.length > 0) session.status = exitStatus.failed;
  for (const name of training.dataset.missing) {
    process.stderr.write(`missing  ${name}: listed in a table, but there is no such clip\n`);
  }
  for (const sentence of training.dataset.unmatched) process.stderr.write(`warning: ${onOneLine(sentence)}\n`);
  const doubt = await doubtfulOrder(training);
  if (doubt !== undefined) process.stderr.write(`warning: ${doubt}\n`);
  const stages = trainPlan(training);
  const progress = new Progress('train');
  let cached = 0;
  await using remote =
    elsewhere === undefined
      ? undefined
      : await openRemoteTraining('train', training, elsewhere, session, (text) => progress.log(text));
  await runPlan(remote === undefined ? stages : stages.map(anywhere), {
    artifacts: training.artifacts,
    signal: session.signal,
    ...(remote === undefined
      ? { parallel: training.context.threads, memory: process.availableMemory() }
      : { parallel: stages.length, runStage: remote.runStage }),
    events: {
      onStage: ({ state }) => void (cached += state === 'cached' ? 1 : 0),
      onProgress: ({ done, stage, note }) => progress.update(done, `${stage} ${note}`),
    },
  });
  progress.finish(`trained: ${stages.length} stages, ${cached} of them unchanged`);
  return trainingSummary(training);
}

/** A stage that holds no memory, and no device, of this machine. */
function anywhere(stage: Stage): Stage {
  return { ...stage, onDevice: false, memory: async () => 0 };
}

/** The summary as people read it. */
function describe({ clips, faults, warnings, members, ensemble, places }: TrainingSummary): string {
  const rows = Object.entries({ ...members, ensemble }).map(([name, { logLoss, accuracy }]) => [
    name,
    logLoss.toFixed(4),
    accuracy.toFixed(3),
    ensemble.weights[name]?.toFixed(2) ?? '',
  ]);
  return [
    ...faults.map(({ status, filename, reason }) => `${status}  ${filename}: ${reason}`),
    `${count(clips.total, 'clip')}: ${clips.ok} ok, ${clips.degraded} degraded, ${clips.failed} failed`,
    '',
    'Out-of-fold scores:',
    formatTable(['model', 'log loss', 'accuracy', 'weight'], rows),
    '',
    ...warnings.map((warning) => `warning: ${warning}`),
    `submission  ${places.submission}`,
    `report      ${places.report}`,
    `bundle      ${places.bundle}`,
    '',
    `Next: primatrix predict <clips> --bundle ${places.bundle} --out predictions.csv`,
  ].join('\n');
}
