import { cp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { makeFolder, removeStaleTemporaries, temporaryName } from '@primatrix/files';
import { UsageError, type LatePolicy } from '@primatrix/contracts';
import { readBundle, setLatePolicy } from '@primatrix/prediction';
import { runPlan, trainPlan } from '@primatrix/training';
import { bundleParts, checkPolicy } from '@primatrix/services';
import { Command } from 'commander';
import { openTraining, withTrainingOptions, type TrainingOptions } from '../training/open-training.ts';
import { isFromConfig } from '../options/option-tree.ts';
import { latePolicy } from '../options/parse-option.ts';
import type { Session } from '../terminal/session.ts';

interface BundleOptions extends Omit<TrainingOptions, 'dataset'> {
  readonly dataset?: string;
  readonly out?: string;
  readonly withoutAfter?: LatePolicy;
}

/** `primatrix bundle`: everything prediction needs, in one folder; and what services do about families that are late or fail. */
export function bundleCommand(session: Session): Command {
  const command = withTrainingOptions(new Command('bundle'))
    .description(
      'Copies the bundle of a finished training to a folder of its own, with versions and digests. Give the options ' +
        'that the training had. Or, given a bundle, says in it how long services wait for its families, which changes ' +
        'its digest.',
    )
    .argument('[bundle]', 'bundle folder whose --without-after is to be set')
    .option('--out <dir>', 'folder to make')
    .option(
      '--without-after <seconds>',
      'services predict a clip without families that fail or have not answered by then; part=seconds for one of ' +
        'them, `wait` for no limit; can be given again. Requests can have it otherwise (predict --without-after)',
      latePolicy,
    )
    .addHelpText(
      'after',
      '\n' +
        'Examples:\n' +
        '  $ primatrix bundle --dataset data/sample --out my-bundle\n' +
        '  $ primatrix bundle my-bundle --without-after 60 --without-after net-vgg16-gru=wait\n' +
        '  $ primatrix bundle my-bundle --without-after wait',
    )
    .action(async (given: string | undefined, options: BundleOptions, self: Command) => {
      const { withoutAfter } = options;
      if (given !== undefined) {
        if (
          withoutAfter === undefined ||
          options.out !== undefined ||
          (options.dataset !== undefined && !isFromConfig(self, 'dataset'))
        ) {
          throw wrongUse('with a bundle goes --without-after and nothing else');
        }
        return report(given, await setPolicy(given, withoutAfter));
      }
      const { dataset, out } = options;
      if (dataset === undefined || out === undefined) {
        throw wrongUse(`required option '${dataset === undefined ? '--dataset' : '--out'} <dir>' not specified`);
      }
      const folder = resolve(out);
      if (existsSync(folder)) throw isThere(out);
      const training = await openTraining({ ...options, dataset });
      const stages = trainPlan(training).filter((stage) => stage.task === 'bundle');
      await runPlan(stages, { artifacts: training.artifacts, signal: session.signal, parallel: 1 });
      await copyFolder(join(training.artifacts, 'bundle'), folder);
      report(
        out,
        withoutAfter === undefined ? (await readBundle(folder)).digest : await setPolicy(folder, withoutAfter),
      );
    });
  // A bundle can be given instead.
  command.options.find(({ long }) => long === '--dataset')?.makeOptionMandatory(false);
  return command;
}

/** Beside its place first: a copy that was broken off, or meets another, leaves no part of a bundle. */
async function copyFolder(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await removeStaleTemporaries(dirname(to), { recursive: false, of: basename(to) });
  const temporary = temporaryName(to);
  try {
    await cp(from, temporary, { recursive: true });
    await rename(temporary, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' ? isThere(to) : error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function isThere(out: string): UsageError {
  return new UsageError('BUNDLE_EXISTS', `bundle: ${out} is there already`, {
    hint: 'name another folder, or remove it',
  });
}

/** @returns the bundle's digest. @throws UsageError LATE_POLICY */
async function setPolicy(folder: string, policy: LatePolicy): Promise<string> {
  const waits = [policy.withoutAfterMs, ...Object.values(policy.parts)].every((limit) => limit === null);
  return (await setLatePolicy(folder, waits ? null : policy, (manifest) => checkPolicy(bundleParts(manifest), policy)))
    .digest;
}

function report(folder: string, digest: string): void {
  console.log(`bundle  ${folder}  ${digest}`);
}

function wrongUse(rule: string): UsageError {
  return new UsageError('BUNDLE_USE', `bundle: ${rule}`, {
    hint: 'primatrix bundle --dataset data/sample --out my-bundle, or primatrix bundle my-bundle --without-after 60',
  });
}
