import { cp, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { UsageError, type LatePolicy } from '@primatrix/contracts';
import { readBundle, runPlan, setLatePolicy, trainPlan } from '@primatrix/pipeline';
import { bundleParts, checkPolicy } from '@primatrix/services';
import { Command } from 'commander';
import { openTraining, withTrainingOptions, type TrainingOptions } from '../open-training.ts';
import { latePolicy } from '../parse-option.ts';
import type { Session } from '../session.ts';

/** `primatrix bundle`: everything prediction needs, in one folder. */
export function bundleCommand(session: Session): Command {
  return withTrainingOptions(new Command('bundle'))
    .summary('copy everything prediction needs into one folder')
    .description('Copies the bundle of a finished training to a folder of its own, with versions and digests. Give the options that the training had.')
    .requiredOption('--out <dir>', 'folder to make')
    .addHelpText('after', '\nExamples:\n  $ primatrix bundle --dataset data/sample --out my-bundle\n  $ primatrix bundle policy my-bundle --without-after 60')
    .addCommand(policyCommand().copyInheritedSettings(new Command().exitOverride()))
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

/** `primatrix bundle policy`: what services do about families that are late or fail. */
function policyCommand(): Command {
  return new Command('policy')
    .exitOverride()
    .summary('set what services do about families that are late or fail')
    .description('Writes into a bundle how long services wait for its families. Requests can have it otherwise (predict --without-after). The digest of the bundle changes with it.')
    .argument('<bundle>', 'bundle folder')
    .requiredOption('--without-after <seconds>', 'predict a clip without families that fail or have not answered by then; part=seconds for one of them, `wait` for no limit; can be given again', latePolicy)
    .addHelpText('after', '\nExamples:\n  $ primatrix bundle policy my-bundle --without-after 60\n  $ primatrix bundle policy my-bundle --without-after 60 --without-after net-vgg16-gru=wait\n  $ primatrix bundle policy my-bundle --without-after wait')
    .action(async (folder: string, { withoutAfter }: { withoutAfter: LatePolicy }) => {
      const isNone = withoutAfter.withoutAfterMs === null && Object.values(withoutAfter.parts).every((limit) => limit === null);
      const { digest } = await setLatePolicy(folder, isNone ? null : withoutAfter, (manifest) => checkPolicy(bundleParts(manifest), withoutAfter));
      console.log(`bundle  ${folder}  ${digest}`);
    });
}
