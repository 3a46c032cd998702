import { UsageError } from '@primatrix/contracts';
import { prepareFamilies } from '@primatrix/families';
import { doubtfulOrder, runStage, stageId, trainPlan } from '@primatrix/training';
import { Command } from 'commander';
import { installedFamilies } from '../installed-families.ts';
import { openTraining, withTrainingOptions, type TrainingOptions } from '../training/open-training.ts';
import { openRemoteTraining, withRemoteOptions, type RemoteTrainingOptions } from '../training/remote-training.ts';
import type { Session } from '../terminal/session.ts';
import { Progress } from '../terminal/progress.ts';
import { whilePreparing } from '../while-preparing.ts';

/** `primatrix stage`: one stage of a training, for task runners such as Nx. */
export function stageCommand(session: Session): Command {
  return withRemoteOptions(withTrainingOptions(new Command('stage')))
    .description('Runs one stage. The stages it needs must have run before; `train --dry-run` lists them.')
    .argument('<stage>', 'for example net-vgg16-gru:train-fold-1')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ primatrix stage video-ingest:ingest --dataset data/sample\n' +
        '  $ primatrix stage net-vgg16-gru:train-fold-1 --dataset /mnt/shared/clips --artifacts /mnt/shared/artifacts --remote',
    )
    .action(async (name: string, options: TrainingOptions & RemoteTrainingOptions) => {
      const training = await openTraining(options);
      const stages = trainPlan(training);
      const stage = stages.find((candidate) => stageId(candidate) === name);
      const [project] = name.split(':');
      if (stage === undefined && (await installedFamilies()).some((family) => family.name === project)) {
        // A task runner's graph has the tasks of every family, whichever the profile takes.
        process.stderr.write(`${name}: not in this training, nothing to do\n`);
        return;
      }
      if (stage === undefined) {
        throw new UsageError('STAGE_UNKNOWN', `stage: there is no stage '${name}'`, {
          hint: `stages: ${stages.map(stageId).join(', ')}`,
        });
      }
      const own = training.families.filter((family) => family.name === stage.project);
      if (!options.remote) await whilePreparing(session, (told) => prepareFamilies(own, told));
      // Where neighbours are looked for, and not once a stage.
      const doubt = own.some(({ kind }) => kind === 'neighbours') ? await doubtfulOrder(training) : undefined;
      if (doubt !== undefined) process.stderr.write(`warning: ${doubt}\n`);
      const progress = new Progress(name);
      await using remote = options.remote
        ? await openRemoteTraining('stage', training, options, session, (text) => progress.log(text))
        : undefined;
      const state = await (remote?.runStage ?? runStage)(training.artifacts, stage, {
        signal: session.signal,
        threads: training.context.threads,
        report: (fraction, note = '') => progress.update(fraction, note),
      });
      progress.finish(`${name}: ${state}`);
    });
}
