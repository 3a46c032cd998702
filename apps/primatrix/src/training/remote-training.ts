import { openAnswers } from '@primatrix/services';
import { RemoteStages, trainerRelease, waitForTrainers, type JobEvents } from '@primatrix/trainers';
import type { Training } from '@primatrix/training';
import { Option, type Command } from 'commander';
import { installedFamilies } from '../installed-families.ts';
import { wholeNumber } from '../options/parse-option.ts';
import { replicasOption } from '../options/replicas-option.ts';
import { connectBus } from '../serve/open-broker.ts';
import type { Session } from '../terminal/session.ts';
import type { TrainingOptions } from './open-training.ts';
import { requestOf } from './training-request.ts';

/** Whether trainers run the stages, and how they are found. */
export interface RemoteTrainingOptions {
  readonly remote?: true;
  readonly wait: number;
  readonly replicas?: number;
}

/** Adds the options of {@link RemoteTrainingOptions} to a command. */
export function withRemoteOptions(command: Command): Command {
  return command
    .option(
      '--remote',
      'trainers on NATS_URL (primatrix serve trainer) do the work; they must reach dataset and artifacts under the same path',
    )
    .addOption(
      new Option('--wait <seconds>', 'with --remote: how long to wait for broker and trainers')
        .argParser(wholeNumber({ min: 0 }))
        .default(60),
    )
    .addOption(replicasOption());
}

/** Stages that trainers run; connected to the broker until disposed of. */
export interface RemoteTraining extends AsyncDisposable {
  readonly runStage: RemoteStages['runStage'];
}

/**
 * Connects to the broker and waits until a trainer answers.
 * @param log is told in words which trainer has taken what, and what is amiss
 * @throws UsageError NATS_URL, BUS_UNREACHABLE, TRAINER_NONE
 */
export async function openRemoteTraining(
  command: string,
  training: Training,
  options: TrainingOptions & RemoteTrainingOptions,
  session: Session,
  log: (text: string) => void,
): Promise<RemoteTraining> {
  const { signal, say } = session;
  const patience = { command, waitSeconds: options.wait, say, signal };
  const events: JobEvents = {
    onJob({ stage, part, trainer, state }) {
      if (state === 'taken') log(`${trainer}  ${stage}${part ? ' (a part)' : ''}`);
    },
    onTrouble: log,
  };
  const bus = await connectBus(options.replicas, patience);
  try {
    const release = trainerRelease(await installedFamilies());
    const answers = await openAnswers(bus);
    await waitForTrainers(bus, release, patience);
    const stages = new RemoteStages({
      ...{ bus, answers, release, events },
      training: requestOf(options),
      dataset: training.dataset.digest,
      datasetName: training.dataset.name,
    });
    return {
      runStage: stages.runStage,
      async [Symbol.asyncDispose]() {
        await stages[Symbol.asyncDispose]();
        await bus.close();
      },
    };
  } catch (error) {
    await bus.close();
    throw error;
  }
}
