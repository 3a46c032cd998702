import { cp, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { UsageError } from '@primatrix/contracts';
import { runPlan, trainPlan, readBundle } from '@primatrix/pipeline';
import { Command } from 'commander';
import { openTraining, withTrainingOptions, type TrainingOptions } from '../open-training.ts';
import type { Session } from '../session.ts';

/** `primatrix bundle`: everything prediction needs, in one folder. */
export function bundleCommand(session: Session): Command {
  return withTrainingOptions(new Command('bundle'))
    .summary('copy everything prediction needs into one folder')
    .description('Copies the bundle of a finished training to a folder of its own, with versions and digests. Give the options that the training had.')
    .requiredOption('--out <dir>', 'folder to make')
    .addHelpText('after', '\nExample:\n  $ primatrix bundle --dataset data/sample --out my-bundle')
    .action(async (options: TrainingOptions & { out: string }) => {
      const out = resolve(options.out);
      if (existsSync(out)) throw new UsageError('BUNDLE_EXISTS', `bundle: ${options.out} is there already`, { hint: 'name another folder, or remove it' });
      const training = await openTraining(options);
      const stages = trainPlan(training).filter((stage) => stage.task === 'bundle');
      await runPlan(stages, { artifacts: training.artifacts, signal: session.signal, parallel: 1 });
      await mkdir(dirname(out), { recursive: true });
      await cp(join(training.artifacts, 'bundle'), out, { recursive: true, errorOnExist: true, force: false });
      const { digest } = await readBundle(out);
      console.log(`bundle  ${options.out}  ${digest}`);
    });
}
